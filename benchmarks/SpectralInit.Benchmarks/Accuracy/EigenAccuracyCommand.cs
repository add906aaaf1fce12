using SpectralInit.Benchmarks.Native;
using SpectralInit.Tests.Spectrum;

namespace SpectralInit.Benchmarks.Accuracy;

/// <summary>LAPACK's accuracy ratios of our symmetric eigendecomposition and of OpenBLAS's dsyevd on the same matrices: those of the tests.</summary>
internal static unsafe class EigenAccuracyCommand
{
    /// <summary>Ratios below this are rounding noise; quotients are taken against at least it.</summary>
    private const double Floor = 0.1;

    public static int Run()
    {
        Console.WriteLine($"OpenBLAS core: {OpenBlas.CoreName}");
        Console.WriteLine("| n | matrices | worst ‖A−VΛVᵀ‖/(n·ulp·‖A‖): ours, dsyevd | worst ‖I−VVᵀ‖/(n·ulp): ours, dsyevd | largest quotient ours ÷ dsyevd |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (int n in (int[])[3, 24, 33, 64, 129, 257, 512])
        {
            double ours = 0, theirs = 0, ourAngle = 0, theirAngle = 0, quotient = 0;
            string worst = "";
            int count = 0;
            foreach ((string name, double[] matrix) in TestMatrices.Hard(n).Append(("uniform", TestMatrices.Uniform(n, n))))
            {
                EigenPairs pairs = SymmetricEigen.Decompose(matrix, n);
                double r = SymmetricEigenRatios.Reconstruction(matrix, n, pairs), o = SymmetricEigenRatios.Orthogonality(pairs), r0 = 0, o0 = 0;
                if (OpenBlas.IsAvailable)
                {
                    EigenPairs reference = Reference(matrix, n);
                    r0 = SymmetricEigenRatios.Reconstruction(matrix, n, reference);
                    o0 = SymmetricEigenRatios.Orthogonality(reference);
                    double q = Math.Max(r / Math.Max(r0, Floor), o / Math.Max(o0, Floor));
                    if (q > quotient)
                        (quotient, worst) = (q, name);
                }

                (ours, theirs, ourAngle, theirAngle) = (Math.Max(ours, r), Math.Max(theirs, r0), Math.Max(ourAngle, o), Math.Max(theirAngle, o0));
                count++;
            }

            Console.WriteLine($"| {n} | {count} | {ours:F2}, {theirs:F2} | {ourAngle:F2}, {theirAngle:F2} | {quotient:F2} ({worst}) |");
        }

        return 0;
    }

    private static EigenPairs Reference(double[] matrix, int n)
    {
        double[] vectors = (double[])matrix.Clone(), values = new double[n];
        fixed (double* a = vectors, w = values)
            OpenBlas.Eigen(n, a, w);
        return new EigenPairs(n, values, vectors);
    }
}
