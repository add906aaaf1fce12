using System.Text.Json;

namespace SpectralInit.Tests.Weights;

/// <summary>Golden/Labels/labels.json, made by make.py beside it.</summary>
internal static class LabelGolden
{
    private static readonly JsonElement s_root = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "Labels", "labels.json"))).RootElement;

    public static JsonElement Case(string kind, int index) => s_root.GetProperty(kind)[index];

    public static double[] Numbers(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    public static int Whole(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static Targets TargetsOf(this JsonElement element)
    {
        double[] labels = element.Numbers("labels");
        return labels.Length > 0 ? Targets.Classes([.. labels.Select(label => (int)label)], element.Whole("outputs")) : Targets.Values(element.Numbers("values"), element.Whole("outputs"));
    }
}
