#pragma once

#include <QJsonObject>
#include <vector>

#include "core/model/sampling.h"
#include "ui/pages/text/written_view.h"
#include "ui/scenes/parts_figure.h"

namespace lab {

class CandidateTable;
class SampleList;

/// The numbers of sampling as a session keeps them, by the names of their rules; samplingOf leaves out what no rule allows.
QJsonObject samplingNotes(const Sampling& sampling);
Sampling samplingOf(const QJsonObject& notes);

/// What of a written text can be exported.
struct WritingPicture {
    std::vector<WrittenPiece> pieces;
    int prompt = 0;            ///< tokens
    std::vector<double> bits;  ///< of those written
    int chosen = -1;
    const CandidateTable* candidates = nullptr;
    const SampleList* samples = nullptr;
};
std::vector<FigureOffer> writingFigures(const WritingPicture& picture, const FigureSubject& subject);

}  // namespace lab
