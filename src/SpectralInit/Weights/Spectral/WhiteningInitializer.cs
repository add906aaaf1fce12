using System.Numerics;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>A whitening matrix as weights: pre-activations of unit variance, uncorrelated between units.</summary>
/// <remarks>
/// A layer with fewer units than the whitening has outputs takes the first of them. Further units are random unit combinations of the whitened
/// coordinates, so their pre-activations have unit variance too; only these depend on the seed. Each gate of a recurrent layer and each part of a packed one is a
/// matrix of its own. The bias −W·μ centres. Constant data give He rows.
/// </remarks>
public sealed class WhiteningInitializer : IBiasInitializer
{
    private readonly Whitening _whitening;

    /// <summary>Initializes from a fitted whitening.</summary>
    /// <param name="whitening">The whitening of the layer's inputs.</param>
    public WhiteningInitializer(Whitening whitening)
    {
        ArgumentNullException.ThrowIfNull(whitening);
        _whitening = whitening;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The destination has the wrong length, or the layer's inputs are not the features of the data.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        FeatureShape.Check(shape, _whitening.Dimension);
        if (shape.Count > 0)
            WeightMatrix.WriteParts(shape, weights, seed, Rows);
    }

    /// <inheritdoc/>
    public void InitializeBias<T>(Span<T> bias, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => CenteringBias.Fill(this, _whitening.Mean, bias, shape, seed);

    private double[] Rows(int units, ulong seed)
    {
        int d = _whitening.Dimension, outputs = _whitening.Outputs, taken = Math.Min(units, outputs);
        double[] rows = new double[units * d];
        _whitening.Matrix.AsSpan(0, taken * d).CopyTo(rows);
        Span<double> rest = rows.AsSpan(taken * d);
        if (_whitening.Rank == 0)
        {
            new HeInitializer().Initialize<double>(rows, WeightShape.Dense(d, units), seed);
        }
        else if (units > taken)
        {
            double[] mixing = new double[(units - taken) * outputs];
            RandomFill.Normal<double>(mixing, 0, 1, seed);
            for (int i = 0; i < units - taken; i++)
            {
                Span<double> row = mixing.AsSpan(i * outputs, outputs);
                TensorPrimitives.Divide(row, TensorPrimitives.Norm<double>(row) * Math.Sqrt((double)_whitening.Rank / outputs), row);
            }

            RowMajor.Multiply(mixing, _whitening.Matrix, rest, units - taken, d, outputs);
        }

        return rows;
    }
}
