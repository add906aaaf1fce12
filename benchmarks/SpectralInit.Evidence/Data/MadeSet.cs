namespace SpectralInit.Evidence;

/// <summary>Makes a data set from a formula. Fewer rows are the first of more.</summary>
/// <param name="rows">How many.</param>
internal delegate DataSet MadeSet(int rows = 3000);
