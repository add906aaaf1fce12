using System.Numerics.Tensors;

namespace SpectralInit.Tests.Spectrum;

/// <summary>Symmetric matrices that test eigensolvers, by recipe: LAPACK's test types (DCHKST, DLATMS), stetester's classes, and spectra that broke other solvers.</summary>
internal static class TestMatrices
{
    private const double Ulp = SymmetricEigenRatios.Ulp;

    /// <summary>Entries uniform on (−1, 1).</summary>
    public static double[] Uniform(int n, int seed)
    {
        Random random = new(seed);
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = i; j < n; j++)
                matrix[(i * n) + j] = matrix[(j * n) + i] = (2 * random.NextDouble()) - 1;
        }

        return matrix;
    }

    /// <summary>UᵀDU with U Haar.</summary>
    public static double[] WithSpectrum(double[] values, int seed)
    {
        int n = values.Length;
        double[] basis = Orthogonal(n, seed);
        double[] matrix = new double[n * n];
        for (int p = 0; p < n; p++)
        {
            for (int i = 0; i < n; i++)
            {
                double factor = values[p] * basis[(p * n) + i];
                for (int j = i; j < n; j++)
                    matrix[(i * n) + j] += factor * basis[(p * n) + j];
            }
        }

        return Mirror(matrix, n);
    }

    public static double[] Diagonal(double[] values)
    {
        int n = values.Length;
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
            matrix[(i * n) + i] = values[i];
        return matrix;
    }

    public static double[] Tridiagonal(double[] diagonal, double[] offDiagonal)
    {
        int n = diagonal.Length;
        double[] matrix = Diagonal(diagonal);
        for (int i = 0; i < n - 1; i++)
            matrix[(i * n) + i + 1] = matrix[((i + 1) * n) + i] = offDiagonal[i];
        return matrix;
    }

    public static double[] Scaled(double[] matrix, double factor) => Array.ConvertAll(matrix, value => value * factor);

    /// <summary>Every hard matrix of dimension n, by name.</summary>
    public static IEnumerable<(string Name, double[] Matrix)> Hard(int n)
    {
        Random random = new(n);
        int[] index = [.. Enumerable.Range(1, n)];
        double[] signs = [.. index.Select(_ => random.Next(2) == 0 ? -1.0 : 1.0)];
        Dictionary<string, double[]> spectra = new()
        {
            ["even 1…ulp"] = [.. index.Select(i => 1 - ((i - 1.0) / Math.Max(n - 1, 1) * (1 - Ulp)))],
            ["geometric 1…ulp"] = [.. index.Select(i => Math.Pow(Ulp, (i - 1.0) / Math.Max(n - 1, 1)))],
            ["clustered 1, ulp…"] = [.. index.Select(i => i == 1 ? 1 : Ulp)],
            ["one small"] = [.. index.Select(i => i == n ? 1.0 / n : 1)],
            ["1/i"] = [.. index.Select(i => 1.0 / i)],
            ["log-uniform"] = [.. index.Select(_ => Math.Exp(Math.Log(Ulp) * random.NextDouble()))],
            ["i·ulp and 1"] = [.. index.Select(i => i == n ? 1 : i * Ulp)],
            ["1 + i·√ulp"] = [.. index.Select(i => i == 1 ? Ulp : i == n ? 2 : 1 + (i * Math.Sqrt(Ulp)))],
            ["1 + 100·i·ulp"] = [.. index.Select(i => 1 + (100 * i * Ulp))],
            ["{1, 50}"] = [.. index.Select(i => i % 2 == 0 ? 50.0 : 1)],
        };
        yield return ("zero", new double[n * n]);
        yield return ("identity", Diagonal([.. index.Select(_ => 1.0)]));
        yield return ("diagonal n…1", Diagonal([.. index.Select(i => n + 1.0 - i)]));
        foreach ((string name, double[] values) in spectra)
        {
            double[] signed = [.. values.Zip(signs, (value, sign) => value * sign)];
            yield return ($"diagonal {name}", Diagonal(signed));
            yield return ($"dense {name}", WithSpectrum(signed, n));
            yield return ($"positive {name}", WithSpectrum(values, n + 1));
        }

        double[] uniform = Uniform(n, n);
        foreach (double scale in (double[])[1e-300, 1e-200, 1e-150, 1e150, 1e200, 1e300])
            yield return ($"uniform·{scale:0e0}", Scaled(uniform, scale));
        double[] noisy = Scaled(uniform, 1e-15);
        for (int i = 0; i < n; i++)
            noisy[(i * n) + i] += 1;
        yield return ("identity + 1e-15 noise", noisy);
        yield return ("rank one", Outer(index.Select(i => Math.Sin(i)).ToArray()));
        yield return ("all ones", Outer(index.Select(_ => 1.0).ToArray()));
        yield return ("cycle graph", Symmetric(n, (i, j) => (j - i == 1 || (i == 0 && j == n - 1)) ? 1 : 0));
        yield return ("random graph", Symmetric(n, (i, j) => i != j && random.Next(5) == 0 ? 1 : 0));
        yield return ("block diagonal", Symmetric(n, (i, j) => i / 7 == j / 7 ? random.NextDouble() : 0));
        yield return ("graded", Symmetric(n, (i, j) => Math.Pow(10, -16.0 * (i + j) / (2 * n)) * random.NextDouble()));
        yield return ("graded upwards", Symmetric(n, (i, j) => Math.Pow(10, -16.0 * (2 * n - i - j) / (2 * n)) * random.NextDouble()));
        yield return ("arrow", Symmetric(n, (i, j) => i == 0 ? 1 : i == j ? i : 0));
        yield return ("Hilbert", Symmetric(n, (i, j) => 1.0 / (i + j + 1)));

        double[] off(Func<int, double> f) => [.. index.Select(f)];
        yield return ("Toeplitz (2; 1)", Tridiagonal(off(_ => 2), off(_ => 1)));
        yield return ("Wilkinson", Tridiagonal(off(i => Math.Abs(i - ((n + 1) / 2.0))), off(_ => 1)));
        yield return ("Clement", Tridiagonal(off(_ => 0), off(i => Math.Sqrt((double)i * (n - i)))));
        yield return ("Legendre", Tridiagonal(off(_ => 0), off(i => (i + 1) / Math.Sqrt(((2 * i) + 1.0) * ((2 * i) + 3.0)))));
        yield return ("Laguerre", Tridiagonal(off(i => (2 * i) + 1), off(i => i + 1)));
        yield return ("Hermite", Tridiagonal(off(_ => 0), off(i => Math.Sqrt(i))));
        yield return ("geometric tridiagonal", Tridiagonal(off(i => Math.Pow(Ulp, (i - 1.0) / n)), off(i => 0.1 * Math.Pow(Ulp, (i - 0.5) / n))));
        yield return ("Golub–Kahan", Tridiagonal(off(_ => 0), off(i => Math.Pow(0.8, i))));
        foreach (double glue in (double[])[1e-14, 1e-7, 1, 1e7])
        {
            // Copies of Wilkinson's W21⁺.
            yield return ($"glued Wilkinson {glue:0e0}", Tridiagonal(off(i => Math.Abs(((i - 1) % 21) - 10)), off(i => i % 21 == 0 ? glue : 1)));
        }
    }

    /// <summary>Gram–Schmidt, twice, on a Gaussian matrix.</summary>
    private static double[] Orthogonal(int n, int seed)
    {
        Random random = new(seed);
        double[] basis = [.. Enumerable.Range(0, n * n).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
        for (int i = 0; i < n; i++)
        {
            Span<double> row = basis.AsSpan(i * n, n);
            for (int p = 0; p < 2 * i; p++)
            {
                ReadOnlySpan<double> other = basis.AsSpan(p % i * n, n);
                TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot(row, other), row, row);
            }

            TensorPrimitives.Divide(row, TensorPrimitives.Norm<double>(row), row);
        }

        return basis;
    }

    private static double[] Outer(double[] t) => Symmetric(t.Length, (i, j) => t[i] * t[j]);

    private static double[] Symmetric(int n, Func<int, int, double> entry)
    {
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = i; j < n; j++)
                matrix[(i * n) + j] = entry(i, j);
        }

        return Mirror(matrix, n);
    }

    private static double[] Mirror(double[] matrix, int n)
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                matrix[(i * n) + j] = matrix[(j * n) + i];
        }

        return matrix;
    }
}
