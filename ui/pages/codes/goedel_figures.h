#pragma once

#include "ui/pages/codes/bits_bars.h"
#include "ui/pages/codes/goedel_study.h"
#include "ui/scenes/parts_figure.h"

namespace lab {

/// What pictures of a sequence's number are of: the sequence.
FigureSubject goedelSubject(const CodedSequence& sequence);
/// The factors by column, line by line, and below them the number; the numbers are those of all columns.
FigureOffer numberOffer(const GoedelStudyPtr& study);
FigureOffer bitsOffer(const std::vector<BitsBar>& bars, const FigureSubject& subject);

}  // namespace lab
