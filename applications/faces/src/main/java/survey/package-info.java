/** A survey in several steps, as users of Jakarta Faces write one. It knows nothing of where its sessions are. */
package survey;
