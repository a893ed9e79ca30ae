package io.geniesession.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeviceTest {

    @Test
    void browsersThatClaimToBeOthersAreTold() {
        String chrome =
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
                        + " Safari/537.36";
        assertThat(Device.label(chrome)).isEqualTo("Chrome on Windows");
        assertThat(Device.label(chrome + " Edg/140.0.0.0")).isEqualTo("Edge on Windows");
        assertThat(Device.label(chrome + " OPR/120.0.0.0")).isEqualTo("Opera on Windows");
        assertThat(Device.label("Mozilla/5.0 (Linux; Android 14; Pixel) Chrome/140.0 Mobile Safari/537.36"))
                .isEqualTo("Chrome on Android");
        assertThat(Device.label("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Safari/604.1"))
                .isEqualTo("Chrome on iPhone");
        assertThat(Device.label("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15"))
                .isEqualTo("Safari on Mac");
    }

    @Test
    void unknownIsNamedWithoutRepeatingTheHeader() {
        assertThat(Device.label(null)).isEqualTo("Some browser");
        assertThat(Device.label("<script>")).isEqualTo("Some browser");
        assertThat(Device.label("curl/8.0")).isEqualTo("curl");
    }
}
