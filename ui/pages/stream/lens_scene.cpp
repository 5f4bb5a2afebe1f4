#include "ui/pages/stream/lens_scene.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "core/config/experiment.h"
#include "ui/runs/run.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/piece_text.h"
#include "ui/widgets/text_chip.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

struct LensText {
    Q_DECLARE_TR_FUNCTIONS(lab::LensText)
};

bool isLastOfLayer(const std::vector<StreamPlace>& places, std::size_t place) {
    return place + 1 == places.size() || places[place + 1].layer != places[place].layer;
}

std::string exact(double value) {
    return QString::number(value, 'g', 17).toStdString();
}

}  // namespace

QString bareToken(const QString& token) {
    constexpr QChar blank(0x2423);
    const QString bare = token.size() > 1 && token.startsWith(blank) ? token.mid(1) : token;
    return bare.trimmed().isEmpty() ? bare : bare.trimmed();
}

QString quotedToken(const QString& token) {
    const QString bare = bareToken(token);
    return LensText::tr("“%1”").arg(hasPieceMarks(bare) ? chipSpoken({.text = bare}) : bare);
}

int LensScene::rowOf(int place) const {
    const auto found = std::ranges::lower_bound(rows, place);
    return found == rows.end() ? rowCount() - 1 : static_cast<int>(found - rows.begin());
}

QString LensScene::text(int row, int column) const {
    const LensReading& reading = at(row, column);
    if (cell == Cell::entropy) return fixed(reading.entropy, 1);
    if (cell == Cell::rank) return reading.rank < 0 ? QStringLiteral("\u2013") : grouped(reading.rank + 1);
    return bareToken(classText(reading.top));
}

QString LensScene::number(int row, int column) const {
    const LensReading& reading = at(row, column);
    if (cell == Cell::top) return cellNumber(reading.probability);
    return cell == Cell::rank && reading.rank >= 0 ? cellNumber(reading.ofTrue) : QString();
}

double LensScene::value(int row, int column) const {
    const LensReading& reading = at(row, column);
    if (cell == Cell::entropy) return reading.entropy;
    return cell == Cell::rank ? reading.ofTrue : reading.probability;
}

ColorScaling LensScene::scaling() const {
    ColorScaling scaling;
    if (cell == Cell::entropy && lens) scaling.high = std::max(std::log2(static_cast<double>(lens->states.classes)), 1e-9);
    return scaling;
}

QString LensScene::quantity() const {
    if (cell == Cell::entropy) return LensText::tr("entropy, bits");
    return cell == Cell::rank ? LensText::tr("probability of the true one") : LensText::tr("probability");
}

QString placeWords(const StreamPlace& place) {
    const QString label = shown(place.label());
    return place.layer < 0 ? label : LensText::tr("behind %1").arg(label);
}

QString LensScene::place(int row, int column) const {
    return LensText::tr("%1, position %2 %3")
        .arg(placeWords(lens->states.places[static_cast<std::size_t>(rows[static_cast<std::size_t>(row)])]), QString::number(column),
             quotedToken(tokens.value(column)));
}

QString LensScene::reading(int row, int column) const {
    const LensReading& reading = at(row, column);
    const QString top =
        LensText::tr("%1: %2 with probability %3, entropy %4 bits")
            .arg(place(row, column), quotedToken(classText(reading.top)), fixed(reading.probability, 3), fixed(reading.entropy, 2));
    if (reading.rank < 0) return top;
    return LensText::tr("%1; the true one is number %2 with %3").arg(top, grouped(reading.rank + 1), fixed(reading.ofTrue, 3));
}

QString LensScene::likeliest(int row, int column) const {
    QStringList lines;
    for (const LikelyClass& share : at(row, column).likeliest)
        lines << LensText::tr("%1  %2").arg(fixed(share.probability, 4), quotedToken(classText(share.id)));
    return lines.join(QLatin1Char('\n'));
}

FigureTable LensScene::table() const {
    FigureTable table{{"part", "layer", "position", "token", "top", "probability", "entropy_bits", "is_the_answer", "rank_of_true",
                       "probability_of_true"},
                      {}};
    for (int row = 0; row < rowCount(); ++row)
        for (int column = 0; column < columns(); ++column) {
            const StreamPlace& from = lens->states.places[static_cast<std::size_t>(rows[static_cast<std::size_t>(row)])];
            const LensReading& reading = at(row, column);
            const bool asked = reading.rank >= 0;
            table.rows.push_back({std::string(nameOf(from.part)), std::to_string(from.layer), std::to_string(column),
                                  tokens.value(column).toStdString(), classText(reading.top).toStdString(), exact(reading.probability),
                                  exact(reading.entropy), reading.final ? "1" : "0", asked ? std::to_string(reading.rank) : std::string(),
                                  asked ? exact(reading.ofTrue) : std::string()});
        }
    return table;
}

bool isDeep(const Model& model) {
    return static_cast<int>(layersOf(model.config(), answeringSide(model.config())).size()) > mostLensLayers;
}

LensScene lensScene(StreamWords words, std::shared_ptr<const Lens> lens, LensScene::Rows rows, LensScene::Cell cell) {
    LensScene scene;
    scene.cell = cell;
    scene.classText = std::move(words.classText);
    scene.tokens = std::move(words.tokens);
    const std::vector<StreamPlace>& places = lens->states.places;
    for (std::size_t p = 0; p < places.size(); ++p) {
        const bool whole = rows != LensScene::Rows::parts && places[p].layer >= 0;
        if (whole && !isLastOfLayer(places, p)) continue;
        if (whole && rows == LensScene::Rows::seconds && (places.back().layer - places[p].layer) % 2 != 0) continue;
        scene.rows.push_back(static_cast<int>(p));
        scene.rowNames << (whole ? LensText::tr("layer %1").arg(places[p].layer) : shown(places[p].label()));
    }
    scene.lens = std::move(lens);
    return scene;
}

LensScene lensScene(const Run& run, const Input& input, std::shared_ptr<const Lens> lens, LensScene::Rows rows, LensScene::Cell cell) {
    const SequenceWords words(run);
    return lensScene(
        {words.all(input, specOf(words.model().architecture).twoSides()), [words](int answer) { return words.classText(answer); }},
        std::move(lens), rows, cell);
}

QString lensCheck(const Lens& lens) {
    return verdictText(lens.difference == 0.0,
                       LensText::tr("last row = the model's output: difference %1").arg(differenceText(lens.difference)));
}

QString quotedClass(const LensScene& scene, int answer) {
    return quotedToken(scene.classText(answer));
}

QString decisionWords(const LensScene& scene, int position) {
    const LensDecision decision = decisionOf(*scene.lens, position);
    const QString answer = quotedClass(scene, decision.answer);
    if (decision.before < 0) return LensText::tr("%1 is the likeliest from the embedding on").arg(answer);
    const StreamPlace& place = scene.lens->states.places[static_cast<std::size_t>(decision.place)];
    return LensText::tr("%1 overtakes %2 for good in %3").arg(answer, quotedClass(scene, decision.before), shown(place.label()));
}

}  // namespace lab
