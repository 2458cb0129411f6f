package io.goshare.client.call;

import io.goshare.client.error.CallException;
import io.goshare.client.error.CallInfo;
import io.goshare.client.error.ClientClosedException;
import io.goshare.client.error.ConnectionLostException;
import io.goshare.client.error.DeadlineException;
import io.goshare.client.error.InterruptedCallException;
import io.goshare.client.error.NotGoShareException;
import io.goshare.client.error.RefusedException;
import io.goshare.client.error.ReplyCutException;
import io.goshare.client.error.ReplyTypeException;
import io.goshare.client.error.TooLargeException;
import io.goshare.client.error.UnreachableException;
import io.goshare.client.error.VersionException;
import io.goshare.client.transport.TransportException;
import io.goshare.protocol.GoShareException;

/** From what an attempt failed with to what the caller sees. */
final class Failures {
    private Failures() {}

    static CallException of(GoShareException failure, CallInfo info) {
        if (!(failure instanceof TransportException fault)) {
            return new RefusedException(failure, info);
        }
        return switch (fault.fault()) {
            case UNREACHABLE -> new UnreachableException(failure, info);
            case NOT_GOSHARE -> new NotGoShareException(failure, info);
            case OTHER_VERSION -> new VersionException(failure, info);
            case LOST -> new ConnectionLostException(failure, info);
            case CUT -> new ReplyCutException(failure, info);
            case WRONG_TYPE -> new ReplyTypeException(failure, info);
            case TOO_LARGE -> new TooLargeException(failure, info);
            case TIMED_OUT -> new DeadlineException(failure, info);
            case FULL -> new RefusedException(failure, info);
            case CLOSED -> new ClientClosedException(failure, info);
            case INTERRUPTED -> new InterruptedCallException(failure, info);
        };
    }
}
