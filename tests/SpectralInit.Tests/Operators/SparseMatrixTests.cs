using FsCheck;
using FsCheck.Fluent;

namespace SpectralInit.Tests.Operators;

public class SparseMatrixTests
{
    private static readonly (int, int, double)[] s_entries = [(0, 0, 1), (2, 1, -3), (0, 3, 2), (2, 1, 0.5), (3, 2, 4)];

    [Fact]
    public void Entries_at_one_place_add_up()
    {
        SparseMatrix matrix = SparseMatrix.FromEntries(4, 4, s_entries);
        matrix.EntryCount.Should().Be(4);
        matrix.Row(2).Values.ToArray().Should().Equal(-2.5);
        matrix.Row(1).Values.Length.Should().Be(0);
    }

    [Fact]
    public void Products_and_transposed_products_equal_the_dense_ones() =>
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), AgreesWithDense).QuickCheckThrowOnFailure();

    [Fact]
    public void Empty_matrices_give_zeros()
    {
        double[] y = [7, 7];
        SparseMatrix.FromEntries(2, 0, []).Apply([], y);
        y.Should().Equal(0, 0);
    }

    [Fact]
    public void Wrong_entries_and_lengths_are_refused_by_name()
    {
        FluentActions.Invoking(() => SparseMatrix.FromEntries(2, 2, [(0, 2, 1)])).Should().Throw<ArgumentException>().WithParameterName("entries");
        FluentActions.Invoking(() => SparseMatrix.FromEntries(2, 2, [(0, 1, double.NaN)])).Should().Throw<ArgumentException>().WithParameterName("entries");
        SparseMatrix matrix = SparseMatrix.FromEntries(4, 4, s_entries);
        double[] y = [1, 2, 3];
        FluentActions.Invoking(() => matrix.Apply(new double[4], y)).Should().Throw<ArgumentException>().WithParameterName("y");
        FluentActions.Invoking(() => matrix.Apply(new double[3], new double[4])).Should().Throw<ArgumentException>().WithParameterName("x");
        y.Should().Equal(1, 2, 3);
    }

    // Small integers: every product is exact, so equality is too.
    private static bool AgreesWithDense(int seed)
    {
        Random random = new(seed);
        int rows = random.Next(1, 40), columns = random.Next(1, 40), count = random.Next(1, 9);
        double[] dense = new double[rows * columns];
        List<(int, int, double)> entries = [];
        for (int i = random.Next(rows * columns); i > 0; i--)
        {
            (int r, int c, double v) = (random.Next(rows), random.Next(columns), random.Next(-9, 10));
            dense[(r * columns) + c] += v;
            entries.Add((r, c, v));
        }

        double[] x = [.. Enumerable.Range(0, count * columns).Select(_ => (double)random.Next(-9, 10))];
        double[] z = [.. Enumerable.Range(0, count * rows).Select(_ => (double)random.Next(-9, 10))];
        double[] y = new double[count * rows], yt = new double[count * columns];
        SparseMatrix matrix = SparseMatrix.FromEntries(rows, columns, entries);
        matrix.ApplyBlock(count, x, y);
        matrix.ApplyTransposeBlock(count, z, yt);
        return Enumerable.Range(0, count).All(b =>
            Enumerable.Range(0, rows).All(r => y[(b * rows) + r] == Enumerable.Range(0, columns).Sum(c => dense[(r * columns) + c] * x[(b * columns) + c]))
            && Enumerable.Range(0, columns).All(c => yt[(b * columns) + c] == Enumerable.Range(0, rows).Sum(r => dense[(r * columns) + c] * z[(b * rows) + r])));
    }
}
