package io.goshare.server.namespace;

import io.goshare.protocol.model.Path;
import io.goshare.protocol.model.Value;
import io.goshare.server.keyvalue.Condition;

/** One step of a request on the namespace. */
public sealed interface Change {
    Path path();

    void accept(Visitor visitor);

    /** Takes each kind of step. */
    interface Visitor {
        void put(Put put);

        void end(End end);

        void endTree(EndTree tree);
    }

    /** Opens {@code value} at the path, and closes what held before. The same value again only moves its last seen. */
    record Put(Path path, Value value, Condition condition) implements Change {
        @Override
        public void accept(Visitor visitor) {
            visitor.put(this);
        }
    }

    /** Ends the value of the path; a missing one is no error. */
    record End(Path path, Condition condition) implements Change {
        @Override
        public void accept(Visitor visitor) {
            visitor.end(this);
        }
    }

    /** Ends all values of the path and below it. */
    record EndTree(Path path) implements Change {
        @Override
        public void accept(Visitor visitor) {
            visitor.endTree(this);
        }
    }
}
