package io.geniesession.servlet;

import io.geniesession.Exchange;
import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.SessionStoreException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one request has to do with sessions, over all of its dispatches and threads.
 *
 * <p>Strategy: the session is loaded when it is first asked for and persisted by {@link #persist()}, which is called before
 * anything that may commit the response, and again when the request or a dispatch of it ends; a call that finds nothing
 * changed costs no store access. The first failure of the store decides for the rest of the request: it is not asked again.
 *
 * <p>Safe for the threads of its request.
 */
final class RequestState implements Exchange {

    private static final System.Logger LOG = System.getLogger(RequestState.class.getName());

    private final SessionBinding binding;
    private final HttpServletRequest request;
    private final boolean passive;

    /** The request as listeners see it that hear of it before and after the filter; null as long as none has. */
    private volatile @Nullable SessionRequest forListeners;

    /** Null as long as only they have seen the request. */
    private volatile @Nullable HttpServletResponse response;

    /** What takes our cookie; null as long as there is no response. */
    private volatile @Nullable HttpServletResponse cookies;

    /** A lock that lets a virtual thread go of its carrier during a store call. */
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * The request is over, and its response no longer ours: the container may have given it to another request. Set under
     * this object's monitor, which is held while a cookie is written and never while another lock is taken.
     */
    private volatile boolean over;

    /**
     * Whether the request has had to do with a session. Most have not, and whoever ends such a request has nothing to wait for:
     * a session that another thread of it is about to begin comes after the end.
     */
    private volatile boolean used;

    // Guarded by the lock.
    private @Nullable Session attached;
    private @Nullable HttpSessionView view;
    private @Nullable String openedId;
    private boolean announced;

    /** The id by which listeners know the session. */
    private @Nullable String toldId;

    /** Whether they know it from before the session was stored, so that nobody else tells what it was stored under. */
    private boolean toldUnstored;

    /** The public ids to come whose renewals this request tells itself; null if there never was one. */
    private @Nullable Set<String> ownRenewals;

    /** A session whose beginning was told and that is not stored yet. */
    private @Nullable HttpSessionView begun;

    private boolean started;
    private boolean persisting;

    /** A session that is not stored on purpose, because the request came with a former id. */
    private @Nullable Session unstorable;

    private @Nullable SessionStoreException outage;
    private boolean answered;
    private boolean givenUp;

    /** A response may be flushed many times, and the log needs to say it once. */
    private boolean saidTooLate;

    private volatile @Nullable String cookieHeader;
    private volatile @Nullable String cookieName;
    private volatile boolean cookieMissing;

    /** Whether the container asks for our cookie when it commits the response. Guarded by this object's monitor. */
    private boolean hooked;

    private volatile boolean asyncPending;

    // Changed by the container's threads, which take turns.
    private volatile int depth;

    private RequestState(SessionBinding binding, HttpServletRequest request) {
        this.binding = binding;
        this.request = request;
        this.passive = binding.passive().isPassive(request);
    }

    /** Another application includes us, and what it hands us takes no headers (Jakarta Servlet 6.1, 9.3). */
    private static HttpServletResponse innermost(HttpServletResponse included) {
        return CommitHook.innermost(included) instanceof HttpServletResponse http ? http : included;
    }

    /** Returns the state of this request, which its first dispatch creates, or a listener that hears of the request before. */
    static RequestState of(SessionBinding binding, HttpServletRequest request) {
        RequestState present = find(binding, request);
        if (present != null) {
            return present;
        }
        RequestState created = new RequestState(binding, request);
        request.setAttribute(binding.stateAttribute(), created);
        return created;
    }

    /** Returns the state of this request, whose response is the one of its first dispatch. */
    static RequestState of(SessionBinding binding, HttpServletRequest request, HttpServletResponse response) {
        RequestState state = of(binding, request);
        state.respondBy(response);
        return state;
    }

    private synchronized void respondBy(HttpServletResponse first) {
        if (response == null) {
            response = first;
            cookies = request.getDispatcherType() == DispatcherType.INCLUDE ? innermost(first) : first;
            restoreCookie();
        }
    }

    /** The request as listeners see it that hear of it before and after the filter. The container asks them by turns. */
    SessionRequest forListeners() {
        SessionRequest present = forListeners;
        if (present == null) {
            present = new SessionRequest(request, null, this);
            forListeners = present;
        }
        return present;
    }

    static @Nullable RequestState find(SessionBinding binding, HttpServletRequest request) {
        return (RequestState) request.getAttribute(binding.stateAttribute());
    }

    SessionBinding binding() {
        return binding;
    }

    // ---- the exchange

    @Override
    public List<String> cookies(String name) {
        List<String> values = new ArrayList<>();
        Cookie[] sent = request.getCookies();
        if (sent != null) {
            for (Cookie cookie : sent) {
                if (cookie.getName().equals(name)) {
                    values.add(cookie.getValue());
                }
            }
        }
        Enumeration<String> lines = request.getHeaders("Cookie");
        if (lines != null) {
            addDropped(name, Collections.list(lines), values);
        }
        return values;
    }

    /**
     * A container may drop a cookie, or all of them, for what stands next to it. Where it has found as many ids as the header
     * names, there is nothing to look for.
     */
    private static void addDropped(String name, List<String> lines, List<String> values) {
        if (hasAll(name, lines, values)) {
            return;
        }
        for (String value : Exchange.cookies(lines, name)) {
            if (!values.contains(value)) {
                values.add(value);
            }
        }
    }

    private static boolean hasAll(String name, List<String> lines, List<String> values) {
        int missing = 0;
        for (String value : values) {
            missing -= value.length() == SessionId.LENGTH ? 1 : 0;
        }
        for (String line : lines) {
            for (int at = line.indexOf(name); at >= 0; at = line.indexOf(name, at + name.length())) {
                missing++;
            }
        }
        return missing <= 0;
    }

    /** A request that is over is not asked, because it sets no cookie. */
    @Override
    public boolean isSecure() {
        return !over && request.isSecure();
    }

    /**
     * Sets our cookie. Once the response is committed or the request over nothing can be set any more, and nothing is: a
     * session ended that late leaves the client a cookie that opens nothing, and new ids are not stored then, see
     * {@link #isTooLate}.
     */
    @Override
    public synchronized void setCookie(String name, String header) {
        if (isCommitted()) {
            return;
        }
        cookieName = name;
        cookieHeader = header;
        restoreCookie();
    }

    /** Whether nothing can be said to the client any more; whoever keeps a session longer than its request hears that too. */
    @Override
    public boolean isCommitted() {
        HttpServletResponse present = response;
        return over || (present != null && present.isCommitted());
    }

    /** Puts our cookie among those of the response, instead of one of the same name, and leaves the others as they are. */
    synchronized void restoreCookie() {
        String header = cookieHeader;
        HttpServletResponse to = cookies;
        if (header == null || to == null || isCommitted()) {
            return;
        }
        Collection<String> present = to.getHeaders("Set-Cookie");
        List<String> others = othersOf(present);
        if (others.size() == present.size()) {
            to.addHeader("Set-Cookie", header);
        } else {
            to.setHeader("Set-Cookie", header);
            others.forEach(other -> to.addHeader("Set-Cookie", other));
        }
        if (!hooked) {
            hooked = CommitHook.install(to, this::withOurs);
        }
        cookieMissing = !hooked && !to.getHeaders("Set-Cookie").contains(header);
    }

    /** A cookie of our name with another path is that of another application, which the request was dispatched to. */
    private List<String> othersOf(Collection<String> lines) {
        List<String> others = new ArrayList<>(lines);
        String header = cookieHeader;
        if (header != null) {
            String path = path(header);
            others.removeIf(
                    line -> line.startsWith(cookieName + "=") && path(line).equals(path));
        }
        return others;
    }

    private static String path(String cookie) {
        int start = cookie.indexOf("; Path=");
        int end = cookie.indexOf(';', start + 1);
        return start < 0 ? "" : cookie.substring(start, end < 0 ? cookie.length() : end);
    }

    /** Returns the lines with our cookie last, instead of those of its name. */
    private synchronized List<String> withOurs(List<String> lines) {
        List<String> all = othersOf(lines);
        if (cookieHeader != null) {
            all.add(cookieHeader);
        }
        return all;
    }

    /** A container may take no headers while a page is included (Jakarta Servlet 6.1, 9.3); then they wait until it is over. */
    private void restoreMissingCookie() {
        if (!cookieMissing) {
            return;
        }
        if (isCommitted()) {
            logMissingCookie();
        } else {
            restoreCookie();
        }
    }

    private void logMissingCookie() {
        if (cookieMissing) {
            cookieMissing = false;
            LOG.log(
                    System.Logger.Level.ERROR,
                    "An included page filled or closed the response, or belongs to another application, and the container"
                            + " took no cookie for the session meanwhile; flush the response before the include, or use"
                            + " getSession() earlier");
        }
    }

    @Override
    public String cookiePath() {
        return binding.cookiePath();
    }

    @Override
    public boolean isActivity() {
        return !passive;
    }

    @Override
    public Optional<Session> attached() {
        lock.lock();
        try {
            return Optional.ofNullable(attached);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void attach(Session session) {
        lock.lock();
        try {
            used = true;
            release(attached);
            attached = session;
        } finally {
            lock.unlock();
        }
    }

    // ---- the session

    /**
     * Returns the session as {@code HttpServletRequest.getSession} does.
     *
     * @throws IllegalStateException if a new session were needed and the response is committed
     * @throws SessionStoreException if the store does not answer and the settings do not let the request go on without
     */
    @Nullable
    HttpSessionView session(boolean create) {
        lock.lock();
        try {
            HttpSessionView current = view;
            if (current != null && current.isValid()) {
                return current;
            }
            if (!create && current != null && !hasBegunAgain(current)) {
                return null;
            }
            return isWithoutStore() ? unstored(create) : stored(create);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the request has another session now, begun through our own interface after this one ended. */
    private boolean hasBegunAgain(HttpSessionView ended) {
        return attached != null && attached.isValid() && attached != ended.session();
    }

    private @Nullable HttpSessionView stored(boolean create) {
        Session session;
        try {
            session = start();
        } catch (SessionStoreException e) {
            failed(e);
            return unstored(create);
        }
        boolean exists = session.isStored() || hasContent(session);
        if (!create && !exists) {
            return null;
        }
        if (create && !session.isStored()) {
            requireUncommitted("A new session cannot begin");
            session.keep();
        }
        return show(session);
    }

    private HttpSessionView show(Session session) {
        HttpSessionView shown = binding.view(session, () -> secretOf(session));
        used = true;
        view = shown;
        // One that the application stored itself during this request begins for listeners all the same.
        announced = session.isStored() && !session.isNew();
        announce(shown);
        return shown;
    }

    private void announce(HttpSessionView shown) {
        if (!announced) {
            announced = true;
            tellNeverStored();
            begun = shown;
            toldId = shown.getId();
            toldUnstored = !shown.session().isStored();
            binding.listeners().created(shown);
        }
    }

    /** Whoever was told of a beginning is told of an end, also of a session that could not or was not to be stored. */
    private void tellNeverStored() {
        HttpSessionView shown = begun;
        begun = null;
        if (shown != null && shown.session().info().isEmpty()) {
            shown.tellNeverStored();
        }
    }

    private static boolean hasContent(Session session) {
        return !session.names().isEmpty()
                || session.principal().isPresent()
                || !session.flash().names().isEmpty();
    }

    private void requireUncommitted(String what) {
        if (isCommitted()) {
            throw new IllegalStateException(what + " after the response is committed, because its cookie could not be"
                    + " sent; call getSession() before writing the response");
        }
    }

    /** The value that the cookie has or will have, while it can be told. */
    private @Nullable String secretOf(Session session) {
        lock.lock();
        try {
            return session == attached && session.isValid()
                    ? binding.sessions().id(this).value()
                    : null;
        } finally {
            lock.unlock();
        }
    }

    private String shownId(Session session) {
        String secret = binding.exposesSecret() ? secretOf(session) : null;
        return secret != null ? secret : session.id();
    }

    private Session start() {
        Session session = binding.sessions().start(this);
        if (!started) {
            started = true;
            openedId = session.isStored() ? session.id() : null;
            toldId = session.isStored() ? shownId(session) : null;
        }
        return session;
    }

    /** Whether the store failed before during this request; it is not asked again then. */
    private boolean isWithoutStore() {
        SessionStoreException failure = outage;
        if (failure == null) {
            return false;
        }
        if (!answered && !binding.continuesInOutage()) {
            throw failure;
        }
        return true;
    }

    /** A session of this request alone. */
    private @Nullable HttpSessionView unstored(boolean create) {
        return create ? show(binding.sessions().create()) : null;
    }

    /** Returns the session for those who use more of it than {@code HttpSession} has. */
    Session session() {
        lock.lock();
        try {
            HttpSessionView current = view;
            if (current != null && current.isValid()) {
                return current.session();
            }
            if (!isWithoutStore()) {
                try {
                    return start();
                } catch (SessionStoreException e) {
                    failed(e);
                }
            }
            return show(binding.sessions().create()).session();
        } finally {
            lock.unlock();
        }
    }

    /** Listeners hear of it when it is stored, because it may be refused: another request may have been faster. */
    String changeSessionId() {
        lock.lock();
        try {
            HttpSessionView current = session(false);
            if (current == null) {
                throw new IllegalStateException("There is no session whose id could be changed");
            }
            requireUncommitted("The id of a session cannot be changed");
            String oldId = current.getId();
            current.session().renew();
            if (current.session().isStored()) {
                current.renewedFrom(oldId);
            } else {
                // Nobody else knows the session, so nobody can be faster.
                toldId = current.getId();
                tellsItself(current.session().id());
                binding.listeners().idChanged(current, oldId);
            }
            return current.getId();
        } finally {
            lock.unlock();
        }
    }

    // ---- the requested id

    @Nullable
    String requestedSessionId() {
        SessionId requested = requested();
        if (requested == null) {
            return null;
        }
        return binding.exposesSecret() ? requested.value() : publicId(requested);
    }

    private @Nullable SessionId requested() {
        List<SessionId> candidates = new ArrayList<>();
        for (String text : cookies(binding.sessions().config().cookie().name())) {
            SessionId.parse(text).ifPresent(candidates::add);
        }
        if (candidates.isEmpty()) {
            return null;
        }
        return candidates.size() == 1 ? candidates.get(0) : opening(candidates);
    }

    /** While the keys of digests are being changed, the store may know the id by several names: that by which it was found. */
    private String publicId(SessionId requested) {
        List<String> names = binding.sessions().publicIds(requested);
        if (names.size() > 1) {
            session(false);
        }
        String opened = openedId();
        return opened != null && names.contains(opened) ? opened : names.get(0);
    }

    /** Of several ids the one that opens the session; the first if none does. */
    private SessionId opening(List<SessionId> candidates) {
        session(false);
        String opened = openedId();
        for (SessionId candidate : candidates) {
            if (opened != null && binding.sessions().publicIds(candidate).contains(opened)) {
                return candidate;
            }
        }
        return candidates.get(0);
    }

    private @Nullable String openedId() {
        lock.lock();
        try {
            return openedId;
        } finally {
            lock.unlock();
        }
    }

    boolean isRequestedSessionIdValid() {
        lock.lock();
        try {
            HttpSessionView current = session(false);
            return current != null
                    && openedId != null
                    && isOneSecret(openedId, current.session().id());
        } finally {
            lock.unlock();
        }
    }

    /** Whether two public ids are of the requested id, of which the second one may be by a newer key of the digest. */
    private boolean isOneSecret(String opened, String now) {
        if (opened.equals(now)) {
            return true;
        }
        SessionId requested = requested();
        return requested != null && binding.sessions().publicIds(requested).containsAll(List.of(opened, now));
    }

    // ---- persisting

    /** Persists before the response is committed; does nothing if it is. */
    void beforeCommit() {
        if (!isCommitted()) {
            persist();
        }
    }

    /**
     * Persists what has changed, if anything has.
     *
     * @throws SessionStoreException if the store does not answer and the settings do not let the request go on without
     */
    void persist() {
        if (!used) {
            return;
        }
        lock.lock();
        try {
            restoreMissingCookie();
            Session session = attached;
            // Persisting tells listeners, and one of them may write to the response.
            if (session == null
                    || persisting
                    || givenUp
                    || !session.isValid()
                    || isWithoutStore()
                    || isTooLate(session)) {
                return;
            }
            HttpSessionView shown = viewOf(session);
            if (shown != null) {
                shown.passivate();
            }
            boolean renews = renews(session);
            if (renews) {
                tellsItself(session.id());
            }
            persisting = true;
            try {
                unstorable = session.persist() == PersistOutcome.UNSTORED ? session : null;
            } catch (SessionStoreException e) {
                failed(e);
                return;
            } finally {
                persisting = false;
            }
            if (shown != null) {
                shown.renewalSettled();
            }
            // Also after a persist with nothing left to do: the application may have persisted before.
            if (session.isStored()) {
                announceNew(session);
                announceId(session, renews);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable HttpSessionView viewOf(Session session) {
        return view != null && view.session() == session ? view : null;
    }

    private HttpSessionView showing(Session session) {
        HttpSessionView shown = viewOf(session);
        if (shown == null) {
            shown = binding.view(session, () -> secretOf(session));
            view = shown;
        }
        return shown;
    }

    /** A session that was used through our own interface alone begins for listeners when it is stored. */
    private void announceNew(Session session) {
        if (viewOf(session) == null && session.isNew()) {
            announced = false;
            announce(showing(session));
        }
    }

    /**
     * An id that was renewed through our own interface is new for listeners when it is stored. They have heard of it already
     * if the application stored it itself.
     *
     * @param renewed whether this request was about to store a renewal, which a conflict may have taken back
     */
    private void announceId(Session session, boolean renewed) {
        if (!binding.listeners().hearOfIds()) {
            return;
        }
        String oldId = toldId;
        String newId = shownId(session);
        boolean unheard = renewed || toldUnstored;
        toldUnstored = false;
        if (oldId != null && !newId.equals(oldId)) {
            toldId = newId;
            if (unheard) {
                binding.listeners().idChanged(showing(session), oldId);
            }
        }
    }

    /** Whether the next persist stores another id in place of the present one. */
    private static boolean renews(Session session) {
        Optional<SessionInfo> info = session.info();
        return info.isPresent() && !info.get().publicId().equals(session.id());
    }

    /** The renewal that stores this id has been or will be told here, with the objects that the request has. */
    private void tellsItself(String newPublicId) {
        if (!binding.listeners().hearOfIds()) {
            return;
        }
        Set<String> own = ownRenewals;
        if (own == null) {
            own = new HashSet<>();
            ownRenewals = own;
        }
        own.add(newPublicId);
        binding.events().leaveToRequest(newPublicId);
    }

    /** A new id that the client cannot be told of any more must not take the place of the one it has. */
    private boolean isTooLate(Session session) {
        if (!isCommitted()) {
            return false;
        }
        boolean begins = !session.isStored();
        boolean renews = renews(session);
        if (!saidTooLate && ((begins && session != unstorable && hasContent(session)) || renews)) {
            saidTooLate = true;
            LOG.log(
                    System.Logger.Level.ERROR,
                    begins
                            ? "A session that began after the response was committed is not stored, because its cookie"
                                    + " cannot be sent"
                            : "A sign-in or a renewal after the response was committed is not stored, and with it the"
                                    + " request's other late changes, because the new cookie cannot be sent");
        }
        return begins || renews;
    }

    private void failed(SessionStoreException failure) {
        outage = failure;
        if (!binding.continuesInOutage()) {
            throw failure;
        }
        binding.outages().warn("requests go on without their sessions, and their changes are lost", failure);
    }

    /**
     * Answers 503, if the response can still be answered. A session cookie that was set before stays, because its id is
     * stored; none is set or removed now.
     *
     * @return false if the response is committed
     */
    boolean answerUnavailable(SessionStoreException failure, boolean dispatchesError) throws IOException {
        lock.lock();
        try {
            HttpServletResponse to = response;
            if (to == null || isCommitted()) {
                return false;
            }
            outage = failure;
            answered = true;
            binding.outages().warn("requests are answered 503", failure);
            to.reset();
            restoreCookie();
            to.setHeader("Retry-After", Long.toString(binding.retryAfterSeconds()));
            if (dispatchesError) {
                to.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            } else {
                to.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The request, or a dispatch of it that may be its last, is over.
     *
     * @param leavesResponse whether the container may take the response from us now
     */
    void finished(boolean leavesResponse) {
        if (!used) {
            setOver(leavesResponse);
            return;
        }
        lock.lock();
        try {
            tellNeverStored();
            logMissingCookie();
            Set<String> own = ownRenewals;
            if (own != null) {
                binding.events().forget(own);
                ownRenewals = null;
            }
            if (leavesResponse) {
                release(attached);
            }
        } finally {
            setOver(leavesResponse);
            lock.unlock();
        }
    }

    /** Nobody uses the session in the name of this request any more. */
    void release() {
        if (used) {
            lock.lock();
            try {
                release(attached);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Others may share with each other what this request has of the session. */
    private void release(@Nullable Session session) {
        if (session != null) {
            binding.sessions().release(session);
        }
    }

    /** Waits for a thread that is writing a cookie. */
    private synchronized void setOver(boolean isOver) {
        over = isOver;
    }

    /** What could not be persisted is not tried again. */
    void giveUp() {
        lock.lock();
        try {
            givenUp = true;
        } finally {
            lock.unlock();
        }
    }

    // ---- dispatches

    /**
     * A dispatch begins.
     *
     * @return whether it runs inside no other
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One container thread at a time runs dispatches of a request.
    boolean enter(DispatcherType type) {
        boolean outermost = depth == 0;
        depth++;
        if (outermost && over) {
            setOver(false);
        }
        if (outermost && (type == DispatcherType.ASYNC || type == DispatcherType.ERROR)) {
            asyncPending = false;
        }
        return outermost;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    void leave() {
        depth--;
    }

    // ---- asynchronous processing

    void asyncStarted() {
        asyncPending = true;
    }

    void asyncOver() {
        asyncPending = false;
    }

    /** Whether the request has had to do with a session, so that there may be something to persist. */
    boolean isUsed() {
        return used;
    }

    boolean isAsyncPending() {
        return asyncPending;
    }

    /** Persists at the end of asynchronous processing, where nobody could handle a failure. */
    void persistAsLast() {
        try {
            persist();
        } catch (SessionStoreException e) {
            answerLate(e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "The session of an asynchronous request could not be persisted", e);
        }
    }

    private void answerLate(SessionStoreException failure) {
        try {
            if (!answerUnavailable(failure, false)) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "The session store does not answer; changes made after the response was committed are lost",
                        failure);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "The client of an asynchronous request has gone", e);
        }
    }
}
