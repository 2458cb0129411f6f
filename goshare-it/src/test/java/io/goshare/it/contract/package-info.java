/** Promises to users, held over each engine, door and encoding. */
package io.goshare.it.contract;
