/** GoShare for the tests of those who use it: {@link io.goshare.testcontainers.GoShareContainer}. */
package io.goshare.testcontainers;
