using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit.Benchmarks.Peers;

/// <summary>The data of peers.py, made by the same recipes.</summary>
internal static unsafe class Problems
{
    /// <summary>n rows whose covariance has eigenvalues i^(−1.4) in a random basis, with a mean of 3.</summary>
    public static T[] Decaying<T>(int n, int d)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] basis = Basis(d).Select(T.CreateTruncating).ToArray();
        T[] x = GC.AllocateUninitializedArray<T>(n * d);
        const int Block = 1000;
        T[] draws = new T[Block * d];
        for (int first = 0; first < n; first += Block)
        {
            int rows = Math.Min(Block, n - first);
            RandomFill.Normal(draws.AsSpan(0, rows * d), 0, 1, seed: 1, stream: (ulong)first);
            for (int i = 0; i < rows * d; i++)
                draws[i] *= T.CreateTruncating(Math.Pow((i % d) + 1, -0.7));
            fixed (T* pz = draws, pb = basis, px = x)
                MatrixProduct.Multiply(false, true, rows, d, d, T.One, pz, d, pb, d, T.Zero, px + ((nint)first * d), d);
        }

        T three = T.CreateTruncating(3);
        for (int i = 0; i < x.Length; i++)
            x[i] += three;
        return x;
    }

    /// <summary>A symmetric matrix with eigenvalues 1/i in a random basis.</summary>
    public static double[] Symmetric(int d)
    {
        double[] basis = Basis(d);
        double[] scaled = [.. basis.Select((value, i) => value / ((i % d) + 1))];
        double[] a = new double[d * d];
        fixed (double* ps = scaled, pb = basis, pa = a)
            MatrixProduct.Multiply(false, true, d, d, d, 1.0, ps, d, pb, d, 0.0, pa, d);
        return Symmetrized(a, d);
    }

    /// <summary>A·Aᵀ/2d of a Gaussian d×2d matrix: a flat spectrum.</summary>
    public static double[] Wishart(int d)
    {
        double[] g = new double[d * 2 * d];
        RandomFill.Normal<double>(g, 0, 1, seed: 2);
        double[] a = new double[d * d];
        fixed (double* pg = g, pa = a)
            MatrixProduct.Multiply(false, true, d, d, 2 * d, 0.5 / d, pg, 2 * d, pg, 2 * d, 0.0, pa, d);
        return Symmetrized(a, d);
    }

    /// <summary>n rows of d features around 200 directions of falling weight, with a little noise.</summary>
    public static float[] Wide(int n, int d)
    {
        const int Rank = 200;
        float[] left = new float[n * Rank], right = new float[Rank * d];
        RandomFill.Normal<float>(left, 0, 1, seed: 4);
        RandomFill.Normal<float>(right, 0, 1, seed: 5);
        for (int i = 0; i < left.Length; i++)
            left[i] *= MathF.Pow((i % Rank) + 1, -0.7f);
        float[] x = new float[n * d];
        RandomFill.Normal<float>(x, 0, 0.01, seed: 6);
        fixed (float* pl = left, pr = right, px = x)
            MatrixProduct.Multiply(false, false, n, d, Rank, 1f, pl, Rank, pr, d, 1f, px, d);
        return x;
    }

    /// <summary>The matrix of peers.py to the bit: every unit reads others at hashed places with hashed weights in −1 … 1.</summary>
    public static SparseMatrix Reservoir(int units, int degree, ulong seed = 0)
    {
        return SparseMatrix.FromEntries(units, units, Enumerable.Range(0, units * degree).Select(i =>
        {
            ulong place = Mix((ulong)i + (seed << 32));
            return (i / degree, (int)(place % (ulong)units), ((Mix(place) >> 11) * Math.ScaleB(1, -52)) - 1);
        }));

        // SplitMix64 (Steele, Lea and Flood, 2014).
        static ulong Mix(ulong z)
        {
            z += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    private static double[] Symmetrized(double[] a, int d)
    {
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < i; j++)
                a[(i * d) + j] = a[(j * d) + i] = (a[(i * d) + j] + a[(j * d) + i]) / 2;
        }

        return a;
    }

    /// <summary>A random orthogonal basis: eigenvectors of a Wishart matrix.</summary>
    private static double[] Basis(int d) => SymmetricEigen.Decompose(Wishart(d), d).Vectors;
}
