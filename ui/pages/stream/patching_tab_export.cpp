#include <QJsonArray>
#include <algorithm>
#include <utility>

#include "ui/pages/stream/patch_map.h"
#include "ui/pages/stream/patching_tab.h"
#include "ui/pages/stream/path_row.h"
#include "ui/pages/stream/stream_figures.h"
#include "ui/widgets/segmented.h"

// What leaves the tab: pictures, and what a session keeps of it.

namespace lab {
namespace {

QJsonArray numbersOf(const std::vector<int>& numbers) {
    QJsonArray array;
    for (const int number : numbers) array << number;
    return array;
}

std::vector<int> numbersIn(const QJsonValue& value) {
    std::vector<int> numbers;
    for (const QJsonValue& each : value.toArray()) numbers.push_back(each.toInt());
    return numbers;
}

}  // namespace

QJsonObject PatchingTab::notes() const {
    if (m_kept || !m_run) return m_kept.value_or(QJsonObject());
    QJsonObject notes;
    const auto keep = [&notes](const char* key, int value, int usual) {
        if (value != usual) notes[QLatin1String(key)] = value;
    };
    keep("part", m_parts->current(), 0);
    keep("into", m_into->current(), 0);
    keep("measure", m_measure->current(), 0);
    keep("position", m_position, -1);
    keep("answer", m_answersChosen.answer, -1);
    keep("rival", m_answersChosen.other, -1);
    keep("swapped", m_swapped ? 1 : 0, 0);
    if (m_ownCorrupted) {
        notes[QStringLiteral("clean")] = numbersOf(m_input.tokens);
        notes[QStringLiteral("corrupted")] = numbersOf(*m_ownCorrupted);
    }
    if (const auto path = m_paths->path())
        notes[QStringLiteral("path")] =
            numbersOf({path->from.block, path->from.head, path->to.block, path->to.head, static_cast<int>(path->end)});
    return notes;
}

void PatchingTab::takeNotes(const QJsonObject& notes) {
    m_kept = notes;
    emit refreshWanted();
}

/// What belongs to a pair counts for that pair alone.
void PatchingTab::applyNotes() {
    if (!m_kept) return;
    const QJsonObject kept = *std::exchange(m_kept, std::nullopt);
    const auto choice = [&kept](const char* key, int most) { return std::clamp(kept[QLatin1String(key)].toInt(), 0, most); };
    m_parts->setCurrent(choice("part", static_cast<int>(PatchPart::values)));
    m_into->setCurrent(choice("into", 1));
    m_measure->setCurrent(choice("measure", 1));
    if (const std::vector<int> path = numbersIn(kept[QStringLiteral("path")]); path.size() == 5)
        m_paths->setPath({{path[0], path[1]}, {path[2], path[3]}, static_cast<PathEnd>(std::clamp(path[4], 0, 2))});
    const std::vector<int> clean = numbersIn(kept[QStringLiteral("clean")]), corrupted = numbersIn(kept[QStringLiteral("corrupted")]);
    if (!clean.empty() && (clean != m_input.tokens || corrupted.size() != clean.size())) return;
    if (!clean.empty()) m_ownCorrupted = corrupted;
    const int classes = m_run->model()->config().num_classes.value_or(0), positions = answeringPositions(m_input);
    const auto below = [&kept](const char* key, int end) {
        const int number = kept[QLatin1String(key)].toInt(-1);
        return number < end ? number : -1;
    };
    m_position = below("position", positions);
    m_answersChosen = {below("answer", classes), below("rival", classes)};
    m_swapped = choice("swapped", 1) == 1;
}

FigureSubject PatchingTab::subject() const {
    const PatchFound& found = *m_study.found();
    return {m_run->name(), found.step, {}, corruptedWords(inputWords(*m_run, found.clean), inputWords(*m_run, found.corrupted))};
}

std::vector<FigureOffer> PatchingTab::figures() {
    const auto& found = m_study.found();
    if (showsNothing() || !found || !found->error.isEmpty() || !m_map->scene().cells()) return {};
    const FigureSubject subject = this->subject();
    std::vector<FigureOffer> offers;
    const auto offer = [&](const QString& name, const QString& file, const PatchScene& scene) {
        if (!scene.cells()) return;
        offers.push_back({name, figureFile(subject, file),
                          [=, measure = m_bars->scene().quantity] { return patchFigure(subject, name, measure, scene); }});
    };
    offer(patchTitle(), tr("patching"), m_map->scene());
    offer(tr("One head at a time"), tr("patching-heads"), m_heads->scene());
    offers.push_back({tr("Runs"), figureFile(subject, tr("patching-runs")), [=, scene = m_bars->scene()] {
                          auto figure = std::make_unique<PatchBarsFigure>();
                          figure->title = scene.quantity;
                          figure->caption =
                              subjectCaption(subject, PatchingTab::tr("Measure of the corrupted, the patched and the clean run"));
                          figure->scene = scene;
                          return figure;
                      }});
    return offers;
}

}  // namespace lab
