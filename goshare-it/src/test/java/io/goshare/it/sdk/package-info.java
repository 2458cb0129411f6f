/** The SDK over each way to a store: one contract, and what may go wrong on the way. */
package io.goshare.it.sdk;
