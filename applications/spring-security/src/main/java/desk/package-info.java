/** A desk for notes behind a sign-in, as users of Spring Security write one. It knows nothing of where its sessions are. */
package desk;
