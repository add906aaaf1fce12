using System.Numerics;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The eigenvalues of a projection of A onto a few orthonormal vectors X, by falling modulus, and ‖A·x − θ·x‖₂ of their unit vectors, computed from A·X itself.</summary>
internal sealed unsafe class RitzPairs
{
    private const double SameCircle = 1e-8;

    /// <summary>Judges the span of <paramref name="rows"/> combinations (rows of <paramref name="size"/> values) of the first vectors of a basis.</summary>
    public RitzPairs(ScaledOperator matrix, ArnoldiBasis basis, double[] combinations, int rows, int size)
    {
        int n = basis.Dimension;
        using Scratch<double> images = Scratch.Rent<double>((long)rows * n), vectors = Scratch.Rent<double>((long)rows * n), rests = Scratch.Rent<double>(2L * rows * n);
        double* x = vectors.Pointer, ax = images.Pointer, rest = rests.Pointer;
        basis.Combine(combinations, rows, size, x, n);
        matrix.Apply(rows, 1, new ReadOnlySpan<double>(x, checked(rows * n)), new Span<double>(ax, checked(rows * n)));
        for (int i = 0; i < rows; i++)
            Norm = Math.Max(Norm, TensorPrimitives.Norm(new ReadOnlySpan<double>(ax + ((nint)i * n), n)));
        double[] projection = new double[rows * rows], pairs = new double[2 * rows * rows];
        fixed (double* s = projection, y = pairs)
        {
            // A·x_j = Σᵢ s_ij·xᵢ + what is orthogonal to the span.
            MatrixProduct.Multiply(false, true, rows, rows, n, 1.0, x, n, ax, n, 0.0, s, rows);
            MatrixProduct.Multiply(true, false, rows, n, rows, -1.0, s, rows, x, n, 1.0, ax, n);
            ComplexSchur schur = new(projection, rows, rows);
            schur.SortByModulus(rows);
            for (int i = 0; i < rows; i++)
            {
                Complex[] vector = schur.Eigenvector(i);
                for (int j = 0; j < rows; j++)
                    (y[(2 * i * rows) + j], y[(((2 * i) + 1) * rows) + j]) = (vector[j].Real, vector[j].Imaginary);
            }

            MatrixProduct.Multiply(false, false, 2 * rows, n, rows, 1.0, y, rows, ax, n, 0.0, rest, n);
            Values = [.. Enumerable.Range(0, rows).Select(schur.Value)];
        }

        Residuals = new double[rows];
        for (int i = 0; i < rows; i++)
            Residuals[i] = TensorPrimitives.Norm(new ReadOnlySpan<double>(rest + (2L * i * n), 2 * n));
        while (Circle < rows && Complex.Abs(Values[Circle]) >= Radius * (1 - SameCircle))
            Circle++;
    }

    public Complex[] Values { get; }

    public double[] Residuals { get; }

    public double Radius => Complex.Abs(Values[0]);

    /// <summary>The largest stretch of a vector of the span.</summary>
    public double Norm { get; }

    /// <summary>How many share the largest modulus.</summary>
    public int Circle { get; }

    /// <summary>True when those on the largest circle are eigenvalues to the tolerance and no other comes near it within its residual.</summary>
    public bool AreSettled(double tolerance)
    {
        for (int i = 0; i < Values.Length; i++)
        {
            if (i < Circle ? Residuals[i] > tolerance * Radius : Complex.Abs(Values[i]) + Residuals[i] > Radius)
                return false;
        }

        return true;
    }
}
