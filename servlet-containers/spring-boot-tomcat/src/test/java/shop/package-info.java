/** An application as its authors would write it, in a few lines. */
package shop;
