using System.Globalization;

namespace SpectralInit.Tests.Diagnostics;

/// <summary>What results say of themselves in a console, whatever the culture.</summary>
public sealed class TextTests
{
    [Fact]
    public void Results_TellWhatTheyHold()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = comma;
        try
        {
            // Two features, (±2, 0) and (0, ±1): eigenvalues 8/3 and 2/3 of the covariance.
            IRowSource rows = RowSource.From([2.0, 0, -2, 0, 0, 1, 0, -1], columns: 2);
            Targets targets = Targets.Classes([0, 0, 1, 1]);
            DataSpectrum spectrum = DataSpectrum.Fit(rows, new() { Components = 1 });

            spectrum.ToString().Should().StartWith("1 of 2 components of 4 rows, 80.0").And.Contain("% of the variance");
            SymmetricEigen.Decompose([2.5, 0, 0, 1], 2).ToString().Should().StartWith("2 eigenpairs of dimension 2").And.EndWith("2.5 … 1");
            Covariance.Of(rows).ToString().Should().Be("covariance of 4 rows, 2×2, shrinkage 0");
            targets.ToString().Should().Be("4 labels of 2 classes");
            Targets.Values([0.5, 1, 2], 1).ToString().Should().Be("3 × 1 values");
            Whitening.Fit(rows).ToString().Should().Contain("whitening, 2 → 2, rank 2");
            GradientOuterProduct.Fit(rows, targets).ToString().Should().StartWith("gradient outer product of 4 centres, 2 features, leave-one-out error ");
            Pissa.Factor([3.0, 0, 0, 1], 2, 2, 1).ToString().Should().Be("2×1 times 1×2, ‖W − BA‖ = 1");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
