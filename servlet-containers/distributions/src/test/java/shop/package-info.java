/** A plain web application, which knows nothing of us; the tests put it into a war. */
package shop;
