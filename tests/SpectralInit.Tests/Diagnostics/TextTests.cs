using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SpectralInit.Tests.Diagnostics;

/// <summary>What results say of themselves in a console, whatever the culture.</summary>
public sealed class TextTests
{
    [Fact]
    public void Results_TellWhatTheyHold()
    {
        ReadWithComma(() =>
        {
            // Two features, (±2, 0) and (0, ±1): eigenvalues 8/3 and 2/3 of the covariance.
            IRowSource rows = RowSource.From([2.0, 0, -2, 0, 0, 1, 0, -1], columns: 2);
            Targets targets = Targets.Classes([0, 0, 1, 1]);
            DataSpectrum spectrum = DataSpectrum.Fit(rows, new() { Components = 1 });

            spectrum.ToString().Should().StartWith("1 of 2 components of 4 rows, 80.0").And.Contain("% of the variance");
            SymmetricEigen.Decompose([2.5, 0, 0, 1], 2).ToString().Should().StartWith("2 eigenpairs of dimension 2").And.EndWith("2.5 … 1");
            Covariance.Of(rows).ToString().Should().Be("covariance of 4 rows, 2×2, shrinkage 0");
            new MomentAccumulator(2).ToString().Should().Be("moments of 0 rows × 2 features");
            targets.ToString().Should().Be("4 labels of 2 classes");
            Targets.Values([0.5, 1, 2], 1).ToString().Should().Be("3 × 1 values");
            Whitening.Fit(rows).ToString().Should().Contain("whitening, 2 → 2, rank 2");
            GradientOuterProduct.Fit(rows, targets).ToString().Should().StartWith("gradient outer product of 4 centres, 2 features, leave-one-out error ");
            SpectralNorm.Of([2.5, 0, 0, 1], 2, 2).ToString().Should().StartWith("spectral norm 2.5, at most 2.5").And.EndWith(", by Direct");
            SpectralRadius.Of([2.5, 0, 0, 1], 2).ToString().Should().StartWith("spectral radius 2.5 ± ").And.EndWith(", by Direct");
            PowerIteration.Run([2.5, 0, 0, 0], 2).ToString().Should().MatchRegex(@"^Converged after \d+ steps, stretching by 2\.5 each$");
            PowerIteration.Run([0, 1, 1, 0, 0, 0, 0, 0, 1], 3, new() { MaxIterations = 1 }).ToString().Should().MatchRegex("^(NotConverged|Slow) after 1 steps, spectral radius 1 ");
            new ConvolutionGeometry(28, 30) { Stride = 2 }.ToString().Should().Be("input 28×30, stride 2, dilation 1, padding to keep the size, Zero");
            InitializerComparison.Measure(rows, WeightShape.Dense(2, 2), 1, [("identity", new IdentityInitializer(0.5))]).ToString().Should().Contain("0.5").And.NotContain("0,5");
            new HeInitializer(1.5).ToString().Should().Contain("2.25");
            new SpectrumReport(DataSpectrum.Fit(rows)).ToString().Should().Contain("total variance 3.333").And.NotContain("3,333");
            PropagationTrace.Of("x", [0.5], 1, 3).ToString().Should().StartWith("x: ×0.5 per step");
            ImageMosaic.OfComponents(DataSpectrum.Fit(rows), 1, 2).ToSvg().Should().Contain(">80.0%<");
            SpectralWarmStart.Fit(DenseLayer.Stack([2, 3, 2], LayerActivation.Relu), rows, targets).ToString().Should().MatchRegex(@"logit scale \d+\.\d;");
            AutomaticInitializer.Fit(DenseLayer.Stack([2, 3, 2], LayerActivation.Relu), rows, targets).ToString().Should().NotMatchRegex(@"\d,\d");
            LayerReport report = new(1, "He", 0.25, 1.5, 2, 2.5);
            report.ToString().Should().Be("layer 1, He: mean 0.25, variance 1.5, 2 dead units, spectral norm 2.5");
            new LayerChange(null, report, 3, null).ToString().Should().Be($"{report}; 3 rounds");
            new LayerChange(report, report, 3, "Off.").ToString().Should().Be($"{report}; before: variance 1.5, spectral norm 2.5; 3 rounds; Off.");
            new LayerStatistics("He", 2.5, 0.25, 1.5, 2, 0.5).ToString().Should().Be("He: spectral norm 2.5, mean 0.25, variance 1.5, 2 dead units, 50.0% of the variance captured");
            SpectralTarget.TimesFanRatio(0.5).ToString().Should().Be("0.5·√(fan_out/fan_in)");
            new DenseLayer(2, 3, LayerActivation.Relu).ToString().Should().Be("2 → 3, Relu");
            SpectralTarget.Norm(0.5).ToString().Should().Be("0.5");
            new DynamicModesOptions { Components = 3 }.ToString().Should().Be("DynamicModesOptions { Components = 3, Window = 1, Radius = 0.5, Ridge = 0.001 }");
            Pissa.Factor([3.0, 0, 0, 1], 2, 2, 1).ToString().Should().Be("2×1 times 1×2, ‖W − BA‖ = 1");
        });
    }

    [Fact]
    public void Records_WithNumbersSpeakForThemselves()
    {
        // What the compiler writes follows the reader's culture.
        Type[] numbers = [typeof(double), typeof(double?), typeof(float), typeof(float?)];
        Type[] records = [.. typeof(SpectralNormResult).Assembly.GetExportedTypes().Where(type => type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null)];
        records.Should().Contain([typeof(LayerReport), typeof(SolverProgress)]);
        records.Where(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Any(property => numbers.Contains(property.PropertyType) || records.Contains(property.PropertyType)))
            .Where(type => type.GetMethod(nameof(ToString), [])!.IsDefined(typeof(CompilerGeneratedAttribute))).Should().BeEmpty();
    }

    [Fact]
    public void Pictures_AreTheSameInEveryCulture()
    {
        SvgPlot plot = new SvgPlot("t", "x", "y").Line("a", [0.25, 1.5], [0.125, 0.5]).Points("b", [0.5], [0.3], ["here"]);
        string expected = plot.ToSvg();
        ReadWithComma(() =>
        {
            CultureInfo reader = CultureInfo.CurrentCulture;
            plot.ToSvg().Should().Be(expected);
            CultureInfo.CurrentCulture.Should().BeSameAs(reader);
        });
    }

    [Fact]
    public void Pictures_AreXmlWhateverTheirText()
    {
        string svg = new SvgPlot("<t>&\"\u0001\uFFFE").Line("]]>\ud800", [0, 1], [1, 2]).Points("p", [0], [1], ["<&"]).ToSvg();
        System.Xml.Linq.XDocument.Parse(svg).Descendants().Select(element => element.Value).Should().Contain("<t>&\"\uFFFD\uFFFD").And.Contain("]]>\uFFFD");
    }

    [Fact]
    public void Labels_StandBesideTheirDotsWithoutCoveringOneAnother()
    {
        string[] words = ["first", "second", "third"];
        string svg = new SvgPlot("t").Points("", [0, 0.5, 1], [0, 0.5, 1]).Points("", [0.5, 0.5, 0.5], [0.4, 0.41, 0.42], words).ToSvg();
        (double X, double Y)[] places = [.. words.Select(word =>
        {
            System.Text.RegularExpressions.Match text = System.Text.RegularExpressions.Regex.Match(svg, $"<text x=\"([0-9.]+)\" y=\"([0-9.]+)\"[^>]*>{word}<");
            text.Success.Should().BeTrue(word);
            return (double.Parse(text.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(text.Groups[2].Value, CultureInfo.InvariantCulture));
        })];

        // Three dots within a few pixels of each other: no two labels in one place.
        places.Distinct().Should().HaveCount(3);
        for (int i = 1; i < 3; i++)
            (Math.Abs(places[i].X - places[i - 1].X) > 5 || Math.Abs(places[i].Y - places[i - 1].Y) >= 12).Should().BeTrue();
        Action wrong = () => new SvgPlot("t").Points("", [1, 2], [1, 2], ["one"]);
        wrong.Should().Throw<ArgumentException>().WithParameterName("labels");
    }

    private static void ReadWithComma(Action read)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = comma;
        try
        {
            read();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
