using System.Globalization;
using System.Text;
using SpectralInit.Benchmarks.Native;
using SpectralInit.Tests.Spectrum;

namespace SpectralInit.Benchmarks.Accuracy;

/// <summary>LAPACK's accuracy ratios of our symmetric eigendecomposition and of OpenBLAS's dsyevd on the same matrices: those of the tests.</summary>
internal static unsafe class EigenAccuracyCommand
{
    /// <summary>Ratios below this are rounding noise; quotients are taken against at least it.</summary>
    private const double Floor = 0.1;

    public static int Run(string[] args)
    {
        if (!SaveFolder.TryRead(args, out string? folder))
            return 2;
        StringBuilder report = new();
        report.Append(CultureInfo.InvariantCulture, $"""
            # Accuracy of the symmetric eigendecomposition

            LAPACK's test ratios (dsyt21, ulp = 2⁻⁵²) over the hard matrices of the tests and a uniform one: the worst of each kind, then the largest quotient on one
            and the same matrix, with the two ratios that make it. Ratios below {Floor} count as {Floor} there: they are rounding noise.
            Up to n = {EigenRefinement.MaxDimension} the pairs are refined in twice the precision; beyond that a quotient is what rounding makes of two equally good methods.
            The tests ask for 10 on random and 60 on hard matrices, as LAPACK's do.

            {Machine.Describe()}. OpenBLAS core: {OpenBlas.CoreName}.

            | n | matrices | ‖A−VΛVᵀ‖/(n·ulp·‖A‖): ours, dsyevd | ‖I−VVᵀ‖/(n·ulp): ours, dsyevd | largest quotient ours ÷ dsyevd |
            |---|---|---|---|---|

            """);
        foreach (int n in (int[])[2, 3, 5, 8, 12, 16, 19, 24, 28, 33, 64, 129, 257, 512])
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
                    Compare(name, "‖A−VΛVᵀ‖", r, r0);
                    Compare(name, "‖I−VVᵀ‖", o, o0);
                }

                (ours, theirs, ourAngle, theirAngle) = (Math.Max(ours, r), Math.Max(theirs, r0), Math.Max(ourAngle, o), Math.Max(theirAngle, o0));
                count++;
            }

            report.Append(CultureInfo.InvariantCulture, $"| {n} | {count} | {ours:F2}, {theirs:F2} | {ourAngle:F2}, {theirAngle:F2} | {quotient:F2} ({worst}) |\n");

            void Compare(string name, string ratio, double our, double their)
            {
                double q = our / Math.Max(their, Floor);
                if (q > quotient)
                    (quotient, worst) = (q, string.Create(CultureInfo.InvariantCulture, $"{name}, {ratio}: {our:F2} against {their:F2}"));
            }
        }

        Console.Write(report);
        if (folder is not null)
            File.WriteAllText(Path.Combine(folder, "accuracy.md"), report.ToString());
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
