#pragma once

namespace lab {

struct Experiment;

/// What it takes to answer the text of a page of task glossary, by the way its dictionary is given. Counted by the shapes: a multiply-add
/// for each weight that a row meets and for each number of a query, or of a value, that a visible pair of positions meets; norms,
/// exponentials and additions are left out.
struct DictionaryCost {
    double reading = 0;  ///< multiply-adds to read the dictionary, once as long as it stays the same
    double text = 0;     ///< multiply-adds for a text whose dictionary has been read
    double answer = 0;   ///< of these for each question
    double kept = 0;     ///< bytes that stay of the dictionary from text to text, 4 a number: keys and values, or vectors
    int tokens = 0;      ///< of the dictionary that stand in the text's own sequence

    /// Multiply-adds an answer when the dictionary is read anew for each text.
    double unkept() const { return (reading + text) * (text > 0 ? answer / text : 0); }
};

/// Of a resolved experiment of task glossary whose positions are mixed by attention. What an encoder alone reads can not be kept: its
/// entries look at the text.
DictionaryCost dictionaryCost(const Experiment& experiment);

}  // namespace lab
