using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Benchmarks.Limits;
using SpectralInit.Benchmarks.Native;
using SpectralInit.Kernels;

namespace SpectralInit.Benchmarks.Peers;

/// <summary>The cases of peers.py, with our side and OpenBLAS's in process, and two MathNet cases of our own.</summary>
internal static unsafe class PeerCases
{
    public static IReadOnlyDictionary<string, PeerCase> All { get; } = new Dictionary<string, PeerCase>
    {
        ["cov-f32-60000x784"] = Covariance<float>(60_000, 784),
        ["cov-f64-60000x784"] = Covariance<double>(60_000, 784),
        ["cov-f64-500000x64"] = Covariance<double>(500_000, 64),
        ["cov-f32-20000x2048"] = Covariance<float>(20_000, 2048),
        ["eigh-64"] = Eigen(64),
        ["eigh-256"] = Eigen(256),
        ["eigh-784"] = Eigen(784),
        ["eigh-1024"] = Eigen(1024),
        ["eigh-2048"] = Eigen(2048),
        ["eigvals-64"] = Eigen(64, withVectors: false),
        ["eigvals-256"] = Eigen(256, withVectors: false),
        ["eigvals-784"] = Eigen(784, withVectors: false),
        ["eigvals-2048"] = Eigen(2048, withVectors: false),
        ["svd-512"] = SingularValues(512),
        ["svd-1024"] = SingularValues(1024),
        ["top64-784-decaying"] = Leading(784, 64, Problems.Symmetric),
        ["top64-2048-decaying"] = Leading(2048, 64, Problems.Symmetric),
        ["top64-2048-flat"] = Leading(2048, 64, Problems.Wishart),
        ["top16-4096-decaying"] = Leading(4096, 16, Problems.Symmetric),
        ["pca128-f32-60000x784"] = Components(() => Problems.Decaying<float>(60_000, 784), 784, 128),
        ["pca128-f64-60000x784"] = Components(() => Problems.Decaying<double>(60_000, 784), 784, 128),
        ["pca64-f32-2000x20000"] = Components(() => Problems.Wide(2000, 20_000), 20_000, 64),
        ["norm2-f32-4096"] = Norm(4096),
        ["radius-10000-sparse"] = Radius(10_000, 10),
        ["convnorm-3x3x64x64-32x32"] = ConvolutionMap(64, 64, 3, 32),
        ["convnorm-7x7x3x64-112x112"] = ConvolutionMap(3, 64, 7, 112),
        ["convnorm-3x3x256x256-14x14"] = ConvolutionMap(256, 256, 3, 14),
        ["fill-f32-4096x4096"] = Fill(4096, 4096),
        ["orthogonal-f32-1024"] = Orthogonal(1024, 1024),
        ["orthogonal-f32-2048"] = Orthogonal(2048, 2048),
        ["orthogonal-f32-4096x512"] = Orthogonal(4096, 512),
        ["mathnet-xtx-20000x784"] = MathNetProduct(20_000, 784),
        ["mathnet-evd-784"] = MathNetEigen(784),
    };

    private static PeerCase Covariance<T>(int n, int d)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => new(
        () =>
        {
            T[] x = Problems.Decaying<T>(n, d);
            T[] c = new T[d * d];
            List<Subject> subjects = [Subject.Of("SpectralInit", () => Ours(x, d))];
            if (OpenBlas.IsAvailable)
                subjects.Add(Subject.Of("OpenBLAS syrk (uncentred)", () => Theirs(x, c, n, d)));
            return subjects;
        },
        Describe: seconds => $"{(double)n * d * (d + 1) / seconds / MachineLimits.FmaPeak<T>():P0} of the FMA peak, {(double)n * d * sizeof(T) / seconds / MachineLimits.Bandwidth.Read:P0} of read bandwidth");

    private static CovarianceEstimate Ours<T>(T[] x, int d)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => SpectralInit.Covariance.Of(RowSource.From(x, d));

    private static void Theirs<T>(T[] x, T[] c, int n, int d)
        where T : unmanaged
    {
        fixed (T* px = x, pc = c)
        {
            if (typeof(T) == typeof(float))
                OpenBlas.SymmetricProduct(n, d, (float*)px, (float*)pc);
            else
                OpenBlas.SymmetricProduct(n, d, (double*)px, (double*)pc);
        }
    }

    private static PeerCase Eigen(int d, bool withVectors = true) => new(() =>
    {
        double[] a = Problems.Wishart(d);
        double[] copy = new double[d * d];
        double[] values = new double[d];
        List<Subject> subjects =
        [
            withVectors ? Subject.Of("SpectralInit", () => SymmetricEigen.Decompose(a, d)) : Subject.Of("SpectralInit", () => SymmetricEigen.Values(a, d)),
        ];
        if (OpenBlas.IsAvailable)
        {
            subjects.Add(Subject.Of(withVectors ? "OpenBLAS dsyevd" : "OpenBLAS dsyevd, values", () =>
            {
                a.CopyTo(copy, 0);
                fixed (double* pa = copy, pv = values)
                    OpenBlas.Eigen(d, pa, pv, withVectors);
            }));
        }

        return subjects;
    });

    private static PeerCase SingularValues(int d) => new(() =>
    {
        double[] a = new double[d * d], copy = new double[d * d], left = new double[d * d], right = new double[d * d], values = new double[d];
        RandomFill.Normal<double>(a, 0, 1, 1);
        List<Subject> subjects = [Subject.Of("SpectralInit", () => SingularValueDecomposition.Decompose(a, d, d))];
        if (OpenBlas.IsAvailable)
        {
            subjects.Add(Subject.Of("OpenBLAS dgesdd", () =>
            {
                a.CopyTo(copy, 0);
                fixed (double* pa = copy, pu = left, pv = right, ps = values)
                    OpenBlas.SingularValues(d, pa, ps, pu, pv);
            }));
        }

        return subjects;
    });

    private static PeerCase Leading(int d, int k, Func<int, double[]> make) => new(() =>
    {
        double[] a = make(d);
        return [Subject.Of("SpectralInit", () => SymmetricEigen.Leading(a, d, k))];
    });

    private static PeerCase Components<T>(Func<T[]> make, int d, int k)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => new(() =>
    {
        T[] x = make();
        return [Subject.Of("SpectralInit", () => DataSpectrum.Fit(RowSource.From(x, d), new DataSpectrumOptions { Components = k }))];
    });

    private static PeerCase Norm(int n)
    {
        // All passes but the last read 16 bits an entry where there is a copy; making that is one more, over W.
        bool copied = QuantizedRows.IsSupported;
        double Bytes(int passes) => copied ? (2.0 * (passes - 1)) + (2 * sizeof(float)) : passes * (double)sizeof(float);

        int passes = 0;
        return new(
            () =>
            {
                float[] w = new float[n * n];
                RandomFill.Normal<float>(w, 0, 1, 1);
                SpectralNormOptions surer = new() { FailureProbability = 1e-6 };
                return
                [
                    Subject.Of("SpectralInit", () => passes = SpectralNorm.Of(w, n, n).Iterations),
                    Subject.Of("SpectralInit, wrong with probability 1e-6, not 1e-4", () => SpectralNorm.Of(w, n, n, surer)),
                ];
            },
            // Each multiplies its vectors by W and by its transpose.
            Describe: seconds => $"{passes} passes{(copied ? ", all but the last over a 16-bit copy" : "")}: "
                + $"{Bytes(passes) * n * n / seconds / MachineLimits.Bandwidth.Read:P0} of read bandwidth, {4.0 * passes * GramProduct.Vectors * n * n / seconds / MachineLimits.FmaPeak<float>():P0} of the FMA peak");
    }

    private static PeerCase Radius(int units, int degree) => new(() =>
    {
        SparseMatrix w = Problems.Reservoir(units, degree);
        return [Subject.Of("SpectralInit", () => SpectralRadius.Of(w))];
    });

    private static PeerCase ConvolutionMap(int inputs, int outputs, int kernel, int size) => new(() =>
    {
        WeightShape shape = WeightShape.Convolution(inputs, outputs, [kernel, kernel]);
        double[] weights = new HeInitializer().Create<double>(shape, 1);
        ConvolutionGeometry circular = new(size, size) { Boundary = ConvolutionBoundary.Circular }, padded = new(size, size);
        return
        [
            Subject.Of("SpectralInit", () => ConvolutionNorm.Of(weights, shape, circular)),
            Subject.Of("SpectralInit, padded with zeros, to 1e-4", () => ConvolutionNorm.Of(weights, shape, padded)),
        ];
    });

    private static PeerCase Fill(int rows, int columns) => new(
        () =>
        {
            float[] w = GC.AllocateUninitializedArray<float>(rows * columns);
            WeightShape shape = WeightShape.Dense(columns, rows);
            HeInitializer normal = new(), uniform = new(distribution: WeightDistribution.Uniform), truncated = new(distribution: WeightDistribution.TruncatedNormal);
            return
            [
                Subject.Of("SpectralInit", () => normal.Initialize<float>(w, shape, 1)),
                Subject.Of("SpectralInit uniform", () => uniform.Initialize<float>(w, shape, 1)),
                Subject.Of("SpectralInit truncated", () => truncated.Initialize<float>(w, shape, 1)),
            ];
        },
        Describe: seconds => $"{(double)rows * columns * sizeof(float) / seconds / MachineLimits.Bandwidth.Write:P0} of write bandwidth");

    private static PeerCase Orthogonal(int rows, int columns) => new(() =>
    {
        float[] w = new float[rows * columns];
        WeightShape shape = WeightShape.Dense(columns, rows);
        OrthogonalInitializer orthogonal = new();
        return [Subject.Of("SpectralInit", () => orthogonal.Initialize<float>(w, shape, 1))];
    });

    private static PeerCase MathNetProduct(int n, int d) => new(
        () =>
        {
            double[] x = Problems.Decaying<double>(n, d);
            Matrix<double> matrix = Matrix<double>.Build.DenseOfRowMajor(n, d, x);
            return [Subject.Of("SpectralInit", () => Ours(x, d)), Subject.Of("MathNet X'X", () => matrix.TransposeThisAndMultiply(matrix))];
        },
        HasPythonPeers: false);

    private static PeerCase MathNetEigen(int d) => new(
        () =>
        {
            double[] a = Problems.Wishart(d);
            Matrix<double> matrix = Matrix<double>.Build.DenseOfRowMajor(d, d, a);
            return [Subject.Of("SpectralInit", () => SymmetricEigen.Decompose(a, d)), Subject.Of("MathNet Evd", () => matrix.Evd(Symmetricity.Symmetric))];
        },
        HasPythonPeers: false);
}
