namespace SpectralInit.Tests.Contract;

/// <summary>
/// Every initializer of the library, once per setting that takes another path. <see cref="InitializerLaws"/> holds the laws. To add one: a row in
/// <see cref="Cases"/>; to cover a new kind of tensor: a shape in <see cref="Shapes"/>.
/// </summary>
internal static class InitializerTable
{
    /// <summary>Every kind of tensor, and the degenerate sizes; the layout is varied by the laws.</summary>
    public static WeightShape[] Shapes { get; } =
    [
        WeightShape.Dense(6, 4),
        WeightShape.Dense(4, 9),
        WeightShape.Dense(5, 5),
        WeightShape.Dense(1, 7),
        WeightShape.Dense(7, 1),
        WeightShape.Dense(1, 1),
        WeightShape.Dense(0, 3),
        WeightShape.Dense(3, 0),
        WeightShape.Dense(0, 0),
        WeightShape.Convolution(4, 6, [3]),
        WeightShape.Convolution(3, 8, [3, 2]),
        WeightShape.Convolution(4, 8, [3, 3], groups: 2),
        WeightShape.Convolution(2, 2, [1, 3, 2]),
        WeightShape.Convolution(0, 4, [3, 3]),
        WeightShape.TransposedConvolution(4, 6, [3, 3], groups: 2),
        WeightShape.Depthwise(3, [3, 3], multiplier: 2),
        WeightShape.Embedding(11, 4),
        WeightShape.Recurrent(5, 5, gates: 4),
        WeightShape.Recurrent(3, 5, gates: 3),
        WeightShape.Packed(6, 4, parts: 3),
    ];

    /// <summary>Rows × 6 features, for initializers built from data; they accept tensors of 6 inputs.</summary>
    public static double[] Data { get; } = Rows();

    public static InitializerCase[] Cases { get; } = [.. Baselines(), .. Normalized(), .. Recurrent(), .. Residual(), .. FromData()];

    public static TheoryData<string> Names => [.. Cases.Select(x => x.Name)];

    public static InitializerCase Find(string name) => Cases.Single(x => x.Name == name);

    private static IEnumerable<InitializerCase> Baselines()
    {
        foreach (WeightDistribution distribution in Enum.GetValues<WeightDistribution>())
        {
            yield return new($"He {distribution}", new HeInitializer(distribution: distribution));
            yield return new($"Xavier {distribution}", new XavierInitializer(Gain.Tanh, distribution));
            yield return new($"LeCun {distribution}", new LeCunInitializer(distribution));
            yield return new($"VarianceScaling geometric {distribution}", new VarianceScalingInitializer(2, FanMode.Geometric, distribution));
        }

        yield return new("VarianceScaling fan out", new VarianceScalingInitializer(1, FanMode.Out));
        yield return new("VarianceScaling zero", new VarianceScalingInitializer(0, FanMode.Out, WeightDistribution.TruncatedNormal)) { Random = false, FloatIsRoundedDouble = true, SameTensorInBothLayouts = true };
        yield return new("Normal", new NormalInitializer(1, 0.5));
        yield return new("Uniform", new UniformInitializer(-0.5, 2));
        yield return new("TruncatedNormal", new TruncatedNormalInitializer());
        yield return new("TruncatedNormal absolute", new TruncatedNormalInitializer(0.5, 0.3, -1, 1, TruncationBounds.Absolute, correctVariance: true));
        yield return new("TruncatedNormal far tail", new TruncatedNormalInitializer(0, 1, 12, 13));
        yield return new("Constant", new ConstantInitializer(0.1)) { Random = false, FloatIsRoundedDouble = true, SameTensorInBothLayouts = true, Half = HalfSource.Double };
        yield return new("Identity", new IdentityInitializer(0.3)) { Accepts = x => x.Kernel.IsEmpty, Random = false, FloatIsRoundedDouble = true, SameTensorInBothLayouts = true, Half = HalfSource.Double };
        yield return new("Dirac", new DiracInitializer()) { Accepts = x => !x.Kernel.IsEmpty, Random = false, FloatIsRoundedDouble = true, SameTensorInBothLayouts = true };
        yield return new("Orthogonal", new OrthogonalInitializer(1.5)) { SameTensorInBothLayouts = true };
        yield return new("DeltaOrthogonal", new DeltaOrthogonalInitializer()) { Accepts = x => !x.Kernel.IsEmpty && x.Inputs <= x.Outputs, SameTensorInBothLayouts = true };
        yield return new("Sparse", new SparseInitializer(0.3));
    }

    private static IEnumerable<InitializerCase> Normalized()
    {
        static bool Square(WeightShape x) => x.Rows / (x.Blocks * x.Groups) == x.Columns;
        yield return new("SpectrallyNormalized He", new SpectrallyNormalizedInitializer(new HeInitializer())) { Half = HalfSource.BeforeFloat };
        yield return new("SpectrallyNormalized orthogonal, by fans", new SpectrallyNormalizedInitializer(new OrthogonalInitializer(), SpectralTarget.FanRatio)) { Half = HalfSource.BeforeFloat };
        yield return new("SpectrallyNormalized zeros", new SpectrallyNormalizedInitializer(ConstantInitializer.Zeros)) { Random = false, FloatIsRoundedDouble = true, SameTensorInBothLayouts = true };
        yield return new("RadiusNormalized", new RadiusNormalizedInitializer(new NormalInitializer(), 0.9)) { Accepts = Square, Half = HalfSource.BeforeFloat };
        yield return new("ConvolutionNormalized", new ConvolutionNormalizedInitializer(new HeInitializer(), new ConvolutionGeometry(6, 5)))
        {
            Accepts = x => x.Kind is WeightKind.Convolution or WeightKind.Depthwise && x.Kernel.Length == 2,
            Half = HalfSource.BeforeFloat,
        };
    }

    private static IEnumerable<InitializerCase> Recurrent()
    {
        yield return new("Reservoir", new ReservoirInitializer(0.9, 0.6))
        {
            Accepts = x => x.Kind is WeightKind.Dense or WeightKind.Recurrent && x.Blocks == 1 && x.Rows == x.Columns,
            FloatIsRoundedDouble = true,
            SameTensorInBothLayouts = true,
            Half = HalfSource.Double,
        };
        yield return new("PerGate", new PerGateInitializer(new OrthogonalInitializer())) { Accepts = x => x.Kind is WeightKind.Recurrent or WeightKind.Packed or WeightKind.Dense, SameTensorInBothLayouts = true };
        yield return new("PerGroup", new PerGroupInitializer(new OrthogonalInitializer())) { Accepts = x => !x.Kernel.IsEmpty, SameTensorInBothLayouts = true };
    }

    private static IEnumerable<InitializerCase> Residual()
    {
        yield return new("ZerO", new HadamardInitializer())
        {
            Accepts = x => x.Kind is not (WeightKind.Embedding or WeightKind.TransposedConvolution) && x.Groups == 1,
            Random = false,
            FloatIsRoundedDouble = true,
            SameTensorInBothLayouts = true,
            Half = HalfSource.Double,
        };
        yield return new("Fixup", new FixupInitializer(new HeInitializer(), 8, 2, isLast: false)) { FloatIsRoundedDouble = true, Half = HalfSource.Double };
        yield return new("Fixup last", new FixupInitializer(new HeInitializer(), 8, 2, isLast: true)) { Random = false, FloatIsRoundedDouble = true, SameTensorInBothLayouts = true };
    }

    private static IEnumerable<InitializerCase> FromData()
    {
        static bool Reads(WeightShape x) => x.Kind is not (WeightKind.Embedding or WeightKind.TransposedConvolution) && x.Groups == 1 && (x.Count == 0 || x.Columns == 6);
        static InitializerCase Fitted(string name, IWeightInitializer initializer) => new(name, initializer)
        {
            Accepts = Reads,
            FloatIsRoundedDouble = true,
            SameTensorInBothLayouts = true,
            Half = HalfSource.Double,
            Data = Data,
        };

        IRowSource rows = RowSource.From(Data, 6);
        DataSpectrum spectrum = DataSpectrum.Fit(rows);
        Targets classes = Targets.Classes([.. Enumerable.Range(0, 40).Select(i => i * i % 3)]);
        yield return Fitted("PrincipalComponent", new PrincipalComponentInitializer(spectrum)) with { Random = false, Accepts = x => Reads(x) && (x.Count == 0 || x.Rows / x.Blocks <= 6) };
        yield return Fitted("SpectralPower 1", new SpectralPowerInitializer(spectrum, 1));
        yield return Fitted("SpectralPower 0", new SpectralPowerInitializer(spectrum, 0));
        yield return Fitted("SpectralPower -1", new SpectralPowerInitializer(spectrum, -1));
        yield return Fitted("SpectralPower infinity", new SpectralPowerInitializer(spectrum, double.PositiveInfinity));
        yield return Fitted("SpectralPower 0.5 mirrored", new SpectralPowerInitializer(spectrum, 0.5, new SpectralPowerOptions { Mirrored = true }));
        yield return Fitted("Whitening", new WhiteningInitializer(Whitening.Fit(spectrum))) with { RandomFor = x => x.Rows / x.Blocks > 6 };
        yield return Fitted("SphericalKMeans", new SphericalKMeansInitializer(SphericalKMeans.Fit(rows, new() { Clusters = 12 }))) with { Random = false };
        yield return Fitted("Embedding", new EmbeddingInitializer(Words(), ["t0", "t1", "unknown", .. Enumerable.Range(2, 8).Select(i => $"t{i}")])) with { Accepts = x => x.Kind == WeightKind.Embedding, Data = null };
        yield return Fitted("ClassDirections", new ClassDirectionsInitializer(ClassDirections.Fit(rows, classes)));
        yield return Fitted("ClassDifference", ClassDifferenceInitializer.Fit(rows, classes));
        yield return Fitted("GradientOuterProduct", new GradientOuterProductInitializer(GradientOuterProduct.Fit(rows, classes)));
        yield return Fitted("GradientOuterProduct and covariance", new GradientOuterProductInitializer(GradientOuterProduct.Fit(rows, classes), new() { CovarianceShare = 0.5 }));
        yield return Fitted("ClassDirections discriminant", new ClassDirectionsInitializer(ClassDirections.Fit(rows, classes, new() { Kind = ClassDirectionsKind.Discriminant })));
    }

    private static WordVectors Words() =>
        WordVectors.Fit(CooccurrenceCounts.Count(Enumerable.Range(0, 400).Select(i => $"t{i * i % 11 + (i % 3)}")), new() { Dimension = 4 });

    private static double[] Rows()
    {
        double[] rows = new double[40 * 6];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = ((i * 37 % 101) * 0.1) + (i % 6) + (i * i % 7);
        return rows;
    }
}
