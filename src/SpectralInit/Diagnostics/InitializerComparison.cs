using System.Collections.Immutable;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Initializers side by side: what each does to the same data in a layer of the same shape.</summary>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed class InitializerComparison : IHtmlReport
{
    private const int BlockRows = 512;

    private static readonly string[] s_columns = ["initializer", "σ₁", "mean", "variance", "dead ReLUs", "captured"];

    private readonly int _units;

    private InitializerComparison(ImmutableArray<LayerStatistics> layers, long rows, int units)
    {
        Layers = layers;
        Rows = rows;
        _units = units;
    }

    /// <summary>One entry per initializer, in the given order.</summary>
    public ImmutableArray<LayerStatistics> Layers { get; }

    /// <summary>Rows measured.</summary>
    public long Rows { get; }

    /// <summary>Measures initializers on data, in one pass over the rows. An <see cref="IBiasInitializer"/> comes with its bias, the others have none.</summary>
    /// <param name="rows">The data, at least two rows; one feature per input of the layer.</param>
    /// <param name="shape">A dense layer, or a convolution whose patches the rows are.</param>
    /// <param name="seed">The seed for all of them.</param>
    /// <param name="initializers">Names and initializers.</param>
    /// <param name="progress">Told the number of rows read so far.</param>
    /// <param name="cancellationToken">Stops between blocks of rows.</param>
    /// <exception cref="ArgumentException">The rows are fewer than two or not finite, the shape has no units, other inputs or groups, or no initializer was given.</exception>
    public static InitializerComparison Measure(
        IRowSource rows,
        WeightShape shape,
        ulong seed,
        IReadOnlyList<(string Name, IWeightInitializer Initializer)> initializers,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        RowReading.Check(rows);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(initializers);
        if (initializers.Count == 0)
            throw new ArgumentException("Pass at least one initializer.", nameof(initializers));
        if (shape.Groups > 1 || shape.Kind is WeightKind.Embedding or WeightKind.TransposedConvolution || shape.Rows == 0)
            throw new ArgumentException($"Pre-activations are W·x of a layer with units and without groups, not of {shape}.", nameof(shape));
        if (rows.Columns != shape.Columns)
            throw new ArgumentException($"The rows have {rows.Columns} features, the layer {shape.Columns} inputs per unit: {shape}.", nameof(shape));

        WeightShape rowMajor = shape.With(WeightLayout.OutputsFirst);
        int d = shape.Columns, units = shape.Rows;
        double[] weights = new double[checked(initializers.Count * units * d)];
        double[] bias = new double[initializers.Count * units];
        for (int i = 0; i < initializers.Count; i++)
        {
            (string name, IWeightInitializer initializer) = initializers[i];
            ArgumentNullException.ThrowIfNull(name, nameof(initializers));
            ArgumentNullException.ThrowIfNull(initializer, nameof(initializers));
            initializer.Initialize(weights.AsSpan(i * units * d, units * d), rowMajor, seed);
            if (initializer is IBiasInitializer centering)
                centering.InitializeBias(bias.AsSpan(i * units, units), rowMajor, seed);
        }

        MomentAccumulator[] moments = [.. initializers.Select(_ => new MomentAccumulator(units))];
        double[] greatest = new double[bias.Length];
        greatest.AsSpan().Fill(double.NegativeInfinity);
        (long count, double totalVariance) = Accumulate(rows, weights, bias, moments, greatest, progress, cancellationToken);
        ImmutableArray<LayerStatistics>.Builder layers = ImmutableArray.CreateBuilder<LayerStatistics>(initializers.Count);
        for (int i = 0; i < initializers.Count; i++)
        {
            int dead = greatest.AsSpan(i * units, units).ToArray().Count(value => value <= 0);
            layers.Add(Summarize(initializers[i].Name, weights.AsSpan(i * units * d, units * d), units, moments[i].ToCovariance(CovarianceNormalization.Unbiased, last: true, nameof(rows)), totalVariance, dead));
        }

        return new InitializerComparison(layers.MoveToImmutable(), count, units);
    }

    /// <summary>The comparison as a text table.</summary>
    public override string ToString()
    {
        string[][] lines = [s_columns, .. Layers.Select(Cells)];
        int[] widths = [.. Enumerable.Range(0, s_columns.Length).Select(column => lines.Max(line => line[column].Length))];
        StringBuilder text = new();
        foreach (string[] line in lines)
            text.AppendLine(string.Join("  ", line.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
        return text.ToString();
    }

    string IHtmlReport.ToHtml()
    {
        StringBuilder html = new("<table><thead><tr>");
        foreach (string column in s_columns)
            html.Append($"<th>{column}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (LayerStatistics layer in Layers)
            html.Append($"<tr>{string.Concat(Cells(layer).Select(cell => $"<td>{SvgPicture.Escape(cell)}</td>"))}</tr>");
        return html.Append("</tbody></table>").ToString();
    }

    private static unsafe (long Rows, double TotalVariance) Accumulate(
        IRowSource rows, double[] weights, double[] bias, MomentAccumulator[] moments, double[] greatest, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        int d = rows.Columns, all = bias.Length, units = all / moments.Length;
        double[] block = new double[BlockRows * d], product = new double[BlockRows * all], part = new double[BlockRows * units];
        double[] shift = new double[d], sum = new double[d], centered = new double[d];
        double squares = 0;
        long count = 0;
        using IRowReader reader = rows.Begin();
        for (int read = reader.Next<double>(block, d); read > 0; read = reader.Next<double>(block, d))
        {
            cancellationToken.ThrowIfCancellationRequested();
            int bad = block.AsSpan(0, read * d).IndexOfAnyExceptInRange(double.MinValue, double.MaxValue);
            if (bad >= 0)
                throw new ArgumentException($"Row {count + (bad / d)}, column {bad % d} is {block[bad]}; remove or replace it.", nameof(rows));
            if (count == 0)
                block.AsSpan(0, d).CopyTo(shift);
            for (int i = 0; i < read; i++)
            {
                // Sums relative to the first row do not cancel where the mean is large against the deviations.
                TensorPrimitives.Subtract(block.AsSpan(i * d, d), shift, centered);
                TensorPrimitives.Add(sum, centered, sum);
                squares += TensorPrimitives.SumOfSquares(centered);
            }

            fixed (double* x = block, w = weights, y = product)
                MatrixProduct.Multiply(false, true, read, all, d, 1, x, d, w, d, 0, y, all);
            for (int i = 0; i < read; i++)
            {
                Span<double> row = product.AsSpan(i * all, all);
                TensorPrimitives.Add(row, bias, row);
                TensorPrimitives.Max(greatest, row, greatest);
            }

            for (int k = 0; k < moments.Length; k++)
            {
                for (int i = 0; i < read; i++)
                    product.AsSpan((i * all) + (k * units), units).CopyTo(part.AsSpan(i * units));
                moments[k].Add(part.AsSpan(0, read * units));
            }

            count += read;
            progress?.Report(count);
        }

        if (count < 2)
            throw new ArgumentException($"A variance needs at least two rows; there are {count}.", nameof(rows));
        return (count, Math.Max(0, squares - (TensorPrimitives.SumOfSquares(sum) / count)) / (count - 1));
    }

    private static unsafe LayerStatistics Summarize(string name, ReadOnlySpan<double> weights, int units, CovarianceEstimate outputs, double totalVariance, int dead)
    {
        int d = weights.Length / units;
        double[] gram = new double[units * units];
        fixed (double* w = weights, g = gram)
            MatrixProduct.Multiply(false, true, units, units, d, 1, w, d, w, d, 0, g, units);
        EigenPairs pairs = SymmetricEigen.Decompose(gram, units);
        double largest = pairs.Values[0], captured = 0, trace = 0;

        // With W·Wᵀ = V·Λ·Vᵀ the rows of Λ^−½·Vᵀ·W are orthonormal, and Λ^−½·Vᵀ·cov(W·x)·V·Λ^−½ is the covariance of the data inside their span.
        double[] image = new double[units];
        for (int i = 0; i < units; i++)
        {
            trace += outputs.Values[(i * units) + i];
            if (!(pairs.Values[i] > 1e-12 * largest))
                continue;
            ReadOnlySpan<double> v = pairs.Vector(i);
            for (int j = 0; j < units; j++)
                image[j] = TensorPrimitives.Dot(outputs.Values.AsSpan(j * units, units), v);
            captured += TensorPrimitives.Dot<double>(image, v) / pairs.Values[i];
        }

        double share = totalVariance > 0 ? Math.Clamp(captured / totalVariance, 0, 1) : 0;
        return new LayerStatistics(name, Math.Sqrt(Math.Max(0, largest)), outputs.Mean.Average(), trace / units, dead, share);
    }

    private string[] Cells(LayerStatistics layer) =>
    [
        layer.Name,
        Number(layer.SpectralNorm),
        Number(layer.Mean),
        Number(layer.Variance),
        $"{layer.DeadUnits} of {_units}",
        FormattableString.Invariant($"{layer.CapturedVariance:0.0%}"),
    ];

    private static string Number(double value) => Math.Abs(value) is < 5e-10 ? "0" : Math.Abs(value) is >= 1e-3 and < 1e5 ? value.ToString("0.####", CultureInfo.InvariantCulture) : value.ToString("0.##e0", CultureInfo.InvariantCulture);
}
