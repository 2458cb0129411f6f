package io.goshare.it.container;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs the class where a Docker engine is and the image can be built. Elsewhere it is skipped, which one line on
 * standard error tells for all; where {@code -Dit.docker.required=true} (CI) it fails instead, for a skip is no pass.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresDocker.Condition.class)
@interface RequiresDocker {
    /** Asks {@link ServerImage}, once. */
    final class Condition implements ExecutionCondition {
        private static boolean told;

        @Override
        public synchronized ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(ServerImage.class))
                    .computeIfAbsent("image", key -> (AutoCloseable) ServerImage::remove);
            return ServerImage.obstacle()
                    .map(Condition::without)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("there is a Docker engine"));
        }

        private static ConditionEvaluationResult without(String obstacle) {
            if (Boolean.getBoolean("it.docker.required")) {
                throw new IllegalStateException("it.docker.required=true, but " + obstacle);
            }
            if (!told) {
                System.err.println("SKIPPED all container tests: " + obstacle);
                told = true;
            }
            return ConditionEvaluationResult.disabled(obstacle);
        }
    }
}
