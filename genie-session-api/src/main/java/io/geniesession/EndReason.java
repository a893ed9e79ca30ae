package io.geniesession;

/** Why a session ended. Immutable. */
public enum EndReason {
    /** Nobody used it for as long as its idle timeout allows. */
    IDLE,
    /** Its absolute lifetime was over. */
    LIFETIME,
    /** It was invalidated: signed out, revoked, or ended by the limit of sessions per principal. */
    DELETED,
    /** The store had to make room, which only a bounded store in memory does. */
    EVICTED
}
