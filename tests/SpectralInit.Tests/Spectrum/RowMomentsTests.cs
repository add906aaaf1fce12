using SpectralInit.Kernels;

namespace SpectralInit.Tests.Spectrum;

public class RowMomentsTests
{
    // Columns fill no strip, one, and two and a piece; rows are one chunk, and some.
    [Theory]
    [InlineData(1, 5)]
    [InlineData(7, 1024)]
    [InlineData(50, 2500)]
    [InlineData(900, 2500)]
    public void Mean_and_scatter_are_those_of_the_rows_however_they_come(int rows, int columns)
    {
        float[] singles = new float[rows * columns];
        RandomFill.Normal<float>(singles, 3, 2, 8);
        for (int i = 0; i < rows; i++)
            singles[i * columns] = 0.1f;
        double[] doubles = Array.ConvertAll(singles, value => (double)value), mean = new double[columns];
        for (int j = 0; j < columns; j++)
            mean[j] = Enumerable.Range(0, rows).Sum(i => doubles[(i * columns) + j]) / rows;
        double scatter = 0;
        for (int i = 0; i < doubles.Length; i++)
            scatter += (doubles[i] - mean[i % columns]) * (doubles[i] - mean[i % columns]);

        RowMoments expected = RowMoments.Of(RowSource.From(doubles, columns), null, CancellationToken.None);
        expected.Count.Should().Be(rows);
        expected.Mean[0].Should().Be(0.1f, "a column that does not vary has exactly its value for a mean");
        expected.Scatter.Should().BeApproximately(scatter, 1e-12 * (scatter + 1));
        for (int j = 0; j < columns; j++)
            expected.Mean[j].Should().BeApproximately(mean[j], 1e-13);

        RowMoments single = RowMoments.Of(RowSource.From(singles, columns), null, CancellationToken.None);
        single.Mean.Should().Equal(expected.Mean);
        single.Scatter.Should().Be(expected.Scatter);
        RowMoments streamed = RowMoments.Of(RowSource.From(Chunks()), null, CancellationToken.None);
        streamed.Scatter.Should().BeApproximately(scatter, 1e-12 * (scatter + 1));

        IEnumerable<double[]> Chunks() => doubles.Chunk(columns);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(600, 2400)]
    public void A_value_that_is_not_finite_is_named_by_its_place(int row, int column)
    {
        const int Columns = 2500;
        float[] values = new float[700 * Columns];
        values[(row * Columns) + column] = float.NaN;
        double[] doubles = Array.ConvertAll(values, value => (double)value);
        FluentActions.Invoking(() => RowMoments.Of(RowSource.From(values, Columns), null, CancellationToken.None)).Should().Throw<ArgumentException>().WithParameterName("rows").WithMessage($"Row {row}, column {column} is NaN*");
        FluentActions.Invoking(() => RowMoments.Of(RowSource.From(doubles, Columns), null, CancellationToken.None)).Should().Throw<ArgumentException>().WithParameterName("rows").WithMessage($"Row {row}, column {column} is NaN*");
    }

    [Fact]
    public void Finite_values_whose_squares_overflow_are_refused_as_such() =>
        FluentActions.Invoking(() => RowMoments.Of(RowSource.From([1e300, -1e300, 1e300, 1e300], 2), null, CancellationToken.None)).Should().Throw<ArgumentException>().WithParameterName("rows").WithMessage("*overflow*");
}
