using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The inputs of a layer as its weights meet them: draws rows with their covariance, and scales rows to a wanted variance of the pre-activations.</summary>
internal sealed class InputScale
{
    private readonly SpanCoordinates _inputs;
    private readonly CovarianceEstimate? _all;

    /// <param name="inputs">The sampled rows.</param>
    /// <param name="all">The covariance of all rows, which then decides the scale; null for that of the sample.</param>
    public InputScale(SpanCoordinates inputs, CovarianceEstimate? all = null)
    {
        _inputs = inputs;
        _all = all;
        Covariance = inputs.Covariance();
    }

    /// <summary>The scale of rows, and their mean.</summary>
    public static InputScale Of(ReadOnlySpan<double> rows, int count, int dimension, out double[] mean)
    {
        SpanCoordinates coordinates = SpanCoordinates.Of(rows, count, dimension);
        mean = coordinates.Mean;
        return new InputScale(coordinates);
    }

    /// <summary>Covariance (divided by n) in coordinates, r×r.</summary>
    public double[] Covariance { get; }

    /// <summary>Total variance of the inputs.</summary>
    public double TotalVariance
    {
        get
        {
            double trace = 0;
            for (int i = 0; i < _inputs.Dimension; i++)
                trace += Covariance[(i * _inputs.Dimension) + i];
            return trace;
        }
    }

    /// <summary>rows += w with w ~ N(0, share · C / tr C): random combinations of the centred inputs need no decomposition.</summary>
    public void AddCovarianceDraw(Span<double> rows, int units, double share, ulong seed)
    {
        double total = TotalVariance;
        if (!(share > 0) || !(total > 0))
            return;
        int n = _inputs.Count, r = _inputs.Dimension;
        double[] draw = new double[checked(units * n)];
        RandomFill.Normal<double>(draw, 0, Math.Sqrt(share / (n * total)), seed);
        double[] inCoordinates = new double[units * r];
        RowMajor.Multiply(draw, _inputs.Rows, inCoordinates, units, r, n);
        double[] directions = _inputs.ToAmbient(inCoordinates, units);
        TensorPrimitives.Add(rows, directions, rows);
    }

    /// <summary>Mean over the units of the variance of w·x, for units×d weights.</summary>
    public double MeanVariance(ReadOnlySpan<double> weights, int units)
    {
        int r = _inputs.Dimension;
        if (units == 0)
            return 0;
        if (_all is not null)
        {
            double[] turned = new double[weights.Length];
            RowMajor.Multiply(weights, _all.Values, turned, units, _all.Dimension, _all.Dimension);
            return TensorPrimitives.Dot(weights, turned) / units;
        }

        if (r == 0)
            return 0;
        ReadOnlySpan<double> inCoordinates = weights;
        if (_inputs.Basis is { } basis)
        {
            double[] projected = new double[units * r];
            RowMajor.MultiplyTransposed(weights, basis, projected, units, r, _inputs.Ambient);
            inCoordinates = projected;
        }

        double[] image = new double[units * r];
        RowMajor.Multiply(inCoordinates, Covariance, image, units, r, r);
        return TensorPrimitives.Dot(inCoordinates, image) / units;
    }
}
