namespace SpectralInit.Tests.Data;

/// <summary>Sources that break their word, as a user's own may: every consumer refuses them, and reads no memory that is not theirs.</summary>
public class BrokenSourceTests
{
    private static readonly Targets s_classes = Targets.Classes([0, 1, 0, 1, 0]);

    private static readonly Dictionary<string, Action<IRowSource>> s_consumers = new()
    {
        ["array"] = rows => rows.ToArray<double>(),
        ["moments"] = rows => new MomentAccumulator(3).Add(rows),
        ["shrinkage"] = rows => Covariance.LedoitWolf(rows),
        ["covariance spectrum"] = rows => DataSpectrum.Fit(rows, new() { Solver = SpectrumSolver.Covariance }),
        ["Gram spectrum"] = rows => DataSpectrum.Fit(rows, new() { Solver = SpectrumSolver.Gram, Components = 1 }),
        ["matrix-free spectrum"] = rows => DataSpectrum.Fit(rows, new() { Solver = SpectrumSolver.MatrixFree, Components = 1 }),
        ["clusters"] = rows => SphericalKMeans.Fit(rows, new() { Clusters = 1 }),
        ["class directions"] = rows => ClassDirections.Fit(rows, s_classes),
        ["gradients"] = rows => GradientOuterProduct.Fit(rows, s_classes),
        ["readout"] = rows => RidgeReadout.Fit(rows, s_classes),
        ["warm start"] = rows => SpectralWarmStart.Fit(DenseLayer.Stack([3, 4, 2], LayerActivation.Relu), rows, s_classes),
        ["patches"] = rows => new PatchSource(rows, new() { Height = 1, Width = 3, PatchHeight = 1, PatchWidth = 2 }).ToArray<float>(),
        ["unit variance"] = rows => LayerSequentialUnitVariance.Apply(Made(rows)),
        ["comparison"] = rows => InitializerComparison.Measure(rows, WeightShape.Dense(3, 4), 1, [("He", new HeInitializer())]),
    };

    public static TheoryData<string, bool> Consumers
    {
        get
        {
            TheoryData<string, bool> data = [];
            foreach (string name in s_consumers.Keys)
            {
                data.Add(name, false);
                data.Add(name, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Consumers))]
    public void Readers_that_report_rows_they_had_no_room_for_are_refused(string consumer, bool narrow)
    {
        foreach (Func<int, int, int> report in (Func<int, int, int>[])[(room, _) => 3 * room, (room, _) => room + 1, (_, _) => -1])
        {
            Action read = () => s_consumers[consumer](new Source(null, narrow, report));
            read.Should().Throw<InvalidOperationException>().WithMessage("*+Source+Reader.Read*number of rows, not of values*");
        }
    }

    [Theory]
    [MemberData(nameof(Consumers))]
    public void Sources_without_a_reader_or_a_shape_are_named(string consumer, bool narrow)
    {
        (Source Source, string Message)[] broken =
        [
            (new(null, narrow, null), "*+Source.Open() returned null*IRowReader*"), (new(5, narrow, null), "*+Source.Open() returned null*IRowReader*"),
            (new(-1, narrow, (room, _) => room), "*+Source.RowCount is -1;*null*"), (new(long.MinValue, narrow, (room, _) => room), "*+Source.RowCount is -9223372036854775808;*null*"),
            (new(5, narrow, (room, _) => room) { Columns = 0 }, "*+Source.Columns is 0;*"), (new(5, narrow, (room, _) => room) { Columns = -3 }, "*+Source.Columns is -3;*"),
        ];
        foreach ((Source source, string message) in broken)
        {
            Action read = () => s_consumers[consumer](source);
            read.Should().ThrowExactly<InvalidOperationException>().WithMessage(message);
        }
    }

    [Theory]
    [InlineData("array")]
    [InlineData("moments")]
    [InlineData("shrinkage")]
    [InlineData("covariance spectrum")]
    [InlineData("Gram spectrum")]
    [InlineData("matrix-free spectrum")]
    [InlineData("clusters")]
    [InlineData("unit variance")]
    public void Sources_with_other_rows_than_they_said_are_refused(string consumer)
    {
        foreach (long promised in new[] { 4, 7 })
        {
            Action read = () => s_consumers[consumer](new Source(promised, false, (room, given) => Math.Min(room, 5 - given)));
            read.Should().Throw<InvalidOperationException>().WithMessage(FormattableString.Invariant($"*{promised} rows*5*"));
        }
    }

    [Fact]
    public void Streams_are_believed_as_they_come_not_as_they_promise()
    {
        Action read = () => new Source(500_000_000, false, (_, _) => 0).ToArray<double>();
        read.Should().Throw<InvalidOperationException>().WithMessage("*500000000 rows*gave 0*");
        new Source(null, false, (room, given) => given == 0 ? room : 0).Invoking(rows => rows.ToArray<float>().Length).Should().NotThrow();
    }

    [Fact]
    public void Lists_that_grow_are_read_as_they_are()
    {
        List<double[]> rows = [[1, 2], [2, 4]];
        IRowSource source = RowSource.From(rows.AsEnumerable());
        rows.Add([3, 7]);
        source.RowCount.Should().Be(3);
        source.ToArray<double>().Should().Equal(1, 2, 2, 4, 3, 7);
        Covariance.Of(source).Count.Should().Be(3);
    }

    private static DenseNetwork Made(IRowSource rows)
    {
        DenseNetwork network = new(DenseLayer.Stack([3, 4, 2], LayerActivation.Relu), rows);
        for (int layer = 0; layer < 2; layer++)
            network.Write(layer, new HeInitializer().Create<double>(network.ShapeOf(layer), 1), new double[network.ShapeOf(layer).Outputs]);
        return network;
    }

    /// <summary>Three features; Read reports what <paramref name="report"/> makes of the room and of the rows given before; without it there is no reader.</summary>
    private sealed class Source(long? count, bool narrow, Func<int, int, int>? report) : IRowSource
    {
        public int Columns { get; init; } = 3;

        public long? RowCount => count;

        public bool IsSingle => narrow;

        public IRowReader Open() => report is null ? null! : new Reader(report);

        private sealed class Reader(Func<int, int, int> report) : IRowReader
        {
            private int _given;

            public int Read(Span<double> rows)
            {
                for (int i = 0; i < rows.Length; i++)
                    rows[i] = i * i % 7;
                return Report(rows.Length / 3);
            }

            public int Read(Span<float> rows)
            {
                for (int i = 0; i < rows.Length; i++)
                    rows[i] = i * i % 7;
                return Report(rows.Length / 3);
            }

            public void Dispose()
            {
            }

            private int Report(int room)
            {
                int reported = report(room, _given);
                _given += reported;
                return reported;
            }
        }
    }
}
