/** A register of guests, as users of Wicket write one. It knows nothing of where its sessions are. */
package register;
