using System.Globalization;
using System.Text;

namespace SpectralInit;

/// <summary>What a spectrum says about data: how much variance the first components hold, how many matter, and a picture.</summary>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed class SpectrumReport : IHtmlReport
{
    private readonly DataSpectrum _spectrum;

    /// <summary>Reports on a fitted spectrum.</summary>
    /// <param name="spectrum">The spectrum.</param>
    public SpectrumReport(DataSpectrum spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        _spectrum = spectrum;
        double total = spectrum.TotalVariance;
        ExplainedVariance = [.. spectrum.Components.Values.Select(value => total > 0 ? Math.Clamp(value / total, 0, 1) : 0)];
        CumulativeVariance = new double[ExplainedVariance.Length];
        double sum = 0;
        for (int i = 0; i < ExplainedVariance.Length; i++)
            CumulativeVariance[i] = Math.Min(1, sum += ExplainedVariance[i]);

        // Directions that were not fitted share what is left; spread evenly it counts most, which makes the rank an upper bound.
        double rest = Math.Max(0, 1 - sum);
        double unfitted = Math.Max(0, Math.Min(spectrum.Dimension, spectrum.Count - 1) - ExplainedVariance.Length);
        IsComplete = spectrum.IsExhausted;
        double entropy = -ExplainedVariance.Where(p => p > 0).Sum(p => p * Math.Log(p));
        if (!IsComplete && rest > 0 && unfitted > 0)
            entropy -= rest * Math.Log(rest / unfitted);
        EffectiveRank = total > 0 ? Math.Exp(entropy) : 0;
    }

    /// <summary>Share of the total variance of each fitted component, λᵢ / Σλ, descending; zeros for constant data.</summary>
    public double[] ExplainedVariance { get; }

    /// <summary>Running sums of <see cref="ExplainedVariance"/>.</summary>
    public double[] CumulativeVariance { get; }

    /// <summary>
    /// exp(−Σ pᵢ ln pᵢ) with pᵢ = λᵢ / Σλ: 1 for data on a line, d for white data (Roy and Vetterli, "The effective rank", EUSIPCO 2007). An upper bound
    /// where <see cref="IsComplete"/> is false; 0 for constant data.
    /// </summary>
    public double EffectiveRank { get; }

    /// <summary>True when no direction with variance was left out of the fit.</summary>
    public bool IsComplete { get; }

    /// <summary>The least number of components that hold a share of the variance, or null when the fitted ones do not.</summary>
    /// <param name="share">0 … 1, for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is outside 0 … 1.</exception>
    public int? ComponentsFor(double share)
    {
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies between 0 and 1; 95 % is 0.95.");

        // A complete spectrum holds everything, whatever the rounding of the sum.
        int index = Array.FindIndex(CumulativeVariance, sum => sum >= share - 1e-12);
        return index >= 0 ? index + 1 : null;
    }

    /// <summary>The scree plot: the share of each component on a logarithmic axis, and the running sum beside it.</summary>
    /// <param name="components">How many components at most. Default: 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="components"/> is less than 1.</exception>
    public SvgFigure ScreePlot(int components = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        int count = Math.Min(components, ExplainedVariance.Length);
        double[] numbers = [.. Enumerable.Range(1, count).Select(i => (double)i)];
        double[] shares = [.. ExplainedVariance.Take(count).Select(share => 100 * share)];
        double[] sums = [.. CumulativeVariance.Take(count).Select(share => 100 * share)];

        // What rounding leaves of a zero eigenvalue would stretch the axis to nothing.
        double floor = 1e-8 * (shares.Length > 0 ? shares[0] : 0);
        double[] drawn = [.. shares.Select(share => share > floor ? share : double.NaN)];
        return new SvgFigure(
            2,
            new SvgPlot("Variance of each component", "component", "% of variance", 460, 320) { LogY = true }.Points("", numbers, drawn),
            new SvgPlot("Components together", "component", "% of variance", 460, 320).Line("", numbers, sums).Reference(95, "95 %"));
    }

    /// <summary>The report as text.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        CultureInfo invariant = CultureInfo.InvariantCulture;
        text.AppendLine(invariant, $"{_spectrum.Count:N0} rows × {_spectrum.Dimension:N0} features, total variance {_spectrum.TotalVariance:G4}");
        text.AppendLine(invariant, $"effective rank {(IsComplete ? "" : "at most ")}{EffectiveRank:0.0}, rank {(IsComplete ? "" : "at least ")}{_spectrum.Rank}");
        foreach (double share in (double[])[0.5, 0.9, 0.95, 0.99])
            text.AppendLine(invariant, $"  {share:0%} of the variance in {ComponentsFor(share)?.ToString("N0", invariant) ?? string.Create(invariant, $"more than {ExplainedVariance.Length:N0}")} components");
        text.Append(invariant, $"  leading shares: {string.Join(", ", ExplainedVariance.Take(8).Select(share => string.Create(invariant, $"{share:0.0%}")))}{(ExplainedVariance.Length > 8 ? ", …" : "")}");
        return text.ToString();
    }

    string IHtmlReport.ToHtml() => $"<pre>{SvgPicture.Escape(ToString())}</pre>{ScreePlot().ToSvg()}";
}
