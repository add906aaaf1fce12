using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>2⁻ᵉ·A, and its powers, for a square A whose scale could overflow: counts the products and refuses results that are not finite.</summary>
internal sealed class ScaledOperator
{
    private readonly ILinearOperator _matrix;

    /// <summary>Chooses e so that the image of <paramref name="probe"/> is of order one.</summary>
    public ScaledOperator(ILinearOperator matrix, ReadOnlySpan<double> probe)
    {
        _matrix = matrix;
        double[] image = new double[matrix.Rows];
        Apply(1, 1, probe, image);
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(image));
        if (largest > 0)
            Exponent = Math.ILogB(largest);
    }

    /// <summary>The exponent e.</summary>
    public int Exponent { get; private set; }

    /// <summary>Products with A so far.</summary>
    public int Products { get; private set; }

    /// <summary>Makes <paramref name="size"/>, in the present scale, of order one.</summary>
    public void Rescale(double size) => Exponent += Math.ILogB(size);

    /// <summary>y ← (2⁻ᵉA)^power·x for <paramref name="count"/> vectors stored one after the other.</summary>
    public void Apply(int count, int power, ReadOnlySpan<double> x, Span<double> y)
    {
        if (_matrix is SparseMatrix sparse)
        {
            (double first, double second) = PowerOfTwo.Factors<double>(-Exponent);
            sparse.ApplyPower(count, power, first, second, x, y);
        }
        else
        {
            double[] from = power > 1 ? new double[x.Length] : [];
            for (int p = 0; p < power; p++)
            {
                if (p > 0)
                    y.CopyTo(from);
                _matrix.ApplyBlock(count, p > 0 ? from : x, y);
                PowerOfTwo.Scale(y, -Exponent);
            }
        }

        Products += count * power;
        if (!double.IsFinite(TensorPrimitives.MaxMagnitude<double>(y)))
            throw DenseArgument.NotFinite("matrix");
    }
}
