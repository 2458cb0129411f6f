/** What a killed, stopped or cramped server may lose: nothing it acknowledged. */
package io.goshare.it.durability;
