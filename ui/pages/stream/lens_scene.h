#pragma once

#include <QStringList>
#include <functional>
#include <memory>
#include <vector>

#include "core/stream/depth.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/figure.h"

namespace lab {

class Model;
class Run;

/// What a lens shows: its places as rows, positions as columns.
struct LensScene {
    enum class Cell { top, rank, entropy };
    enum class Rows { layers, parts, seconds };  ///< `seconds`: every second layer, the last one included

    std::shared_ptr<const Lens> lens;
    std::vector<int> rows;  ///< places, in the order of computation
    QStringList rowNames;
    QStringList tokens;                     ///< what stands at the positions
    std::function<QString(int)> classText;  ///< an answer in words
    Cell cell = Cell::top;

    bool empty() const { return !lens; }
    int rowCount() const { return static_cast<int>(rows.size()); }
    int columns() const { return lens ? lens->states.positions : 0; }
    const LensReading& at(int row, int column) const { return lens->at(rows[static_cast<std::size_t>(row)], column); }
    bool contains(int row, int column) const { return row >= 0 && row < rowCount() && column >= 0 && column < columns(); }
    /// The row that shows a place, or the next one behind it.
    int rowOf(int place) const;

    /// What stands in a cell: bold, and smaller beside it.
    QString text(int row, int column) const;
    QString number(int row, int column) const;
    /// What colours it.
    double value(int row, int column) const;
    ColorScaling scaling() const;
    QString quantity() const;

    /// "behind layer 1, position 3 “Tom”".
    QString place(int row, int column) const;
    /// The same with what is read there.
    QString reading(int row, int column) const;
    /// Up to ten lines, the likeliest first.
    QString likeliest(int row, int column) const;
    FigureTable table() const;
};

/// Deeper models show every second layer unless more is asked for.
constexpr int mostLensLayers = 24;
bool isDeep(const Model& model);
/// What stands at the positions of the side that answers, and what an answer is called.
struct StreamWords {
    QStringList tokens;
    std::function<QString(int)> classText;
};
/// All places of the stream, or behind each layer or every second one alone.
LensScene lensScene(StreamWords words, std::shared_ptr<const Lens> lens, LensScene::Rows rows, LensScene::Cell cell);
/// The same of an open run.
LensScene lensScene(const Run& run, const Input& input, std::shared_ptr<const Lens> lens, LensScene::Rows rows, LensScene::Cell cell);
/// Which class overtakes which, and where.
QString decisionWords(const LensScene& scene, int position);
/// Whether the last row is what the model answers.
QString lensCheck(const Lens& lens);
/// A token where it stands by itself: without the blank before a word.
QString bareToken(const QString& token);
/// In a sentence: "“Mia”", "“line end”".
QString quotedToken(const QString& token);
QString quotedClass(const LensScene& scene, int answer);
/// A place as what stands before "layer 1, feed-forward" in a sentence has it: "behind layer 1, feed-forward".
QString placeWords(const StreamPlace& place);

}  // namespace lab
