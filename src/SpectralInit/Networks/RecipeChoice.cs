namespace SpectralInit;

/// <summary>Why a layer was drawn the way it was.</summary>
/// <param name="Layer">The layer's number, from 0.</param>
/// <param name="Chosen">The name of the recipe taken, or "transport".</param>
/// <param name="Errors">Relative leave-one-out error of a readout on each candidate's features, cross-fitted: the candidate's directions never saw the rows they are judged on.</param>
public sealed record RecipeChoice(int Layer, string Chosen, IReadOnlyDictionary<string, double> Errors);
