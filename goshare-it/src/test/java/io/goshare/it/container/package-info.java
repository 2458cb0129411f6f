/** GoShare as it is deployed, and what it does when processes, disks and networks fail. */
package io.goshare.it.container;
