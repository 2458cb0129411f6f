/** The program as a user starts it: exit codes, daemon, demo, README. */
package io.goshare.it.process;
