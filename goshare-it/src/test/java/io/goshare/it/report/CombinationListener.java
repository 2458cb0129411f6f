package io.goshare.it.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestTag;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Counts the tests that ran, passed or failed, by combination, and leaves the counts in the file that the system
 * property {@code goshare.it.combinations} names; without it, in none. {@link CombinationReport} reads them when the
 * test runs of the build are over. Safe for many threads.
 */
public final class CombinationListener implements TestExecutionListener {
    private final CombinationCounts counts = new CombinationCounts();
    private final Set<TestPlan> plans = new HashSet<>();

    @Override
    public synchronized void testPlanExecutionStarted(TestPlan plan) {
        plans.add(plan);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest() && result.getStatus() != TestExecutionResult.Status.ABORTED) {
            Combination.ofTags(tags(test)).forEach(combination -> counts.add(combination, 1));
        }
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan plan) {
        plans.remove(plan);
        String file = System.getProperty("goshare.it.combinations");
        if (file == null) {
            return;
        }
        try {
            counts.write(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** The tags of {@code test} and of what contains it: generated tests have none of their own. */
    private Set<String> tags(TestIdentifier test) {
        Set<String> tags = new HashSet<>();
        for (TestPlan plan : plans) {
            Optional<TestIdentifier> at = Optional.of(test);
            while (at.isPresent()) {
                at.get().getTags().stream().map(TestTag::getName).forEach(tags::add);
                at = plan.getParent(at.get());
            }
        }
        return tags;
    }
}
