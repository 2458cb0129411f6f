package io.goshare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.model.Kind;
import io.goshare.protocol.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CellsTest {
    private static final Value UP = Value.of("up");
    private static final Value DOWN = Value.of("down");

    private static Value any(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> UP;
            case 2 -> DOWN;
            case 3 -> Value.of("text " + random.nextInt(50));
            case 4 -> Value.of(new byte[] {(byte) random.nextInt()});
            case 5 -> Value.decimal(random.nextInt(), random.nextInt(10));
            case 6 -> Value.of(random.nextGaussian());
            default -> random.nextBoolean() ? Value.of(random.nextLong()) : Value.of(random.nextBoolean());
        };
    }

    private static Value[][] rows(Random random, int count, int width) {
        Value[][] rows = new Value[count][width];
        for (Value[] row : rows) {
            for (int i = 0; i < width; i++) {
                row[i] = any(random);
            }
        }
        return rows;
    }

    private static Cells cells(Value[][] rows, int width) {
        Cells cells = new Cells(width, 0);
        for (Value[] row : rows) {
            cells.putRow(row);
        }
        return cells;
    }

    @Test
    void aRowIsThereOnceItIsFull() {
        Cells cells = new Cells(2, 1).put(UP);
        assertThat(cells.rows()).isZero();

        cells.put(Kind.DECIMAL, 2, 50);

        assertThat(cells.rows()).isEqualTo(1);
        assertThat(cells.row(0)).containsExactly(UP, Value.decimal(50, 2));
        assertThat(cells.scale(0, 1)).isEqualTo(2);
    }

    @Test
    void whatWasPutIsThere() {
        Random random = new Random(1);
        for (int width = 1; width < 7; width++) {
            Value[][] rows = rows(random, 200, width);
            Cells cells = cells(rows, width);

            assertThat(cells.rows()).isEqualTo(rows.length);
            for (int row = 0; row < rows.length; row++) {
                assertThat(cells.row(row)).containsExactly(rows[row]);
                long bytes = 0;
                for (int i = 0; i < width; i++) {
                    Value value = rows[row][i];
                    assertThat(cells.has(row, i)).isEqualTo(value != null);
                    bytes += value == null ? 0 : value.bytes().length;
                }
                assertThat(cells.textBytes(row)).isEqualTo(bytes);
            }
        }
    }

    @Test
    void rowsOfOthersBringTheirTexts() {
        Random random = new Random(2);
        Value[][] first = rows(random, 30, 3);
        Value[][] second = rows(random, 30, 3);

        Cells both = new Cells(3, 0).put(cells(first, 3), 5, 30).put(cells(second, 3), 0, 20);

        for (int row = 0; row < 45; row++) {
            assertThat(both.row(row)).containsExactly(row < 25 ? first[row + 5] : second[row - 25]);
        }
    }

    @Test
    void cellsAreTheSameOnlyIfTheirValuesAre() {
        Value[][] rows = rows(new Random(3), 60, 2);
        Cells cells = cells(rows, 2);
        int same = 0;
        for (int row = 0; row < 60; row++) {
            for (int other = 0; other < 60; other++) {
                if (cells.same(row, other, 1)) {
                    assertThat(rows[row][1]).isEqualTo(rows[other][1]);
                    same += row == other ? 0 : 1;
                }
            }
        }

        assertThat(same).isPositive();
        assertThat(cells(new Value[][] {{Value.decimal(50, 2)}, {Value.decimal(5, 1)}}, 1)
                        .same(0, 1, 0))
                .isFalse();
    }

    @Test
    void aTableOfManyBlocksIsOneListOfRows() {
        Random random = new Random(4);
        List<Value[]> expected = new ArrayList<>();
        Table table = Table.of("a", "b", "c");
        while (table.blocks().size() < 4) {
            Value[][] rows = rows(random, random.nextInt(900), 3);
            if (random.nextBoolean()) {
                table.add(cells(rows, 3), 0, rows.length);
            } else {
                for (Value[] row : rows) {
                    table.add(row);
                }
            }
            expected.addAll(List.of(rows));
        }

        assertThat(table.size()).isEqualTo(expected.size());
        assertThat(table.rows()).hasSameSizeAs(expected);
        for (int row = 0; row < expected.size(); row++) {
            assertThat(table.rows().get(row)).containsExactly(expected.get(row));
        }
    }

    @Test
    void rowsWithoutColumnsAreCounted() {
        assertThat(Table.of().add().add().rows()).hasSize(2);
    }
}
