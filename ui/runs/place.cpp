#include "ui/runs/place.h"

#include <QCoreApplication>
#include <QUrlQuery>
#include <algorithm>

namespace lab {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Place)
};

const QString runKey = QStringLiteral("run"), placeStepKey = QStringLiteral("step"), placeBlockKey = QStringLiteral("block"),
              placeHeadKey = QStringLiteral("head"), placeQueryKey = QStringLiteral("query"), placeKeyKey = QStringLiteral("key"),
              stageKey = QStringLiteral("stage"), cellKey = QStringLiteral("cell");

template <class Number>
bool read(std::optional<Number>& member, const QString& text) {
    bool ok = false;
    const auto number = static_cast<Number>(text.toLongLong(&ok));
    if (!ok || number < 0 || QString::number(number) != text || member) return false;
    member = number;
    return true;
}

bool read(QString& member, const QString& text) {
    if (!member.isEmpty() || text.isEmpty()) return false;
    member = text;
    return true;
}

bool readItem(Place& place, const QString& name, const QString& value) {
    if (name == runKey) return read(place.run, value);
    if (name == placeStepKey) return read(place.step, value);
    if (name == placeBlockKey) return read(place.block, value);
    if (name == placeHeadKey) return read(place.head, value);
    if (name == placeQueryKey) return read(place.query, value);
    if (name == placeKeyKey) return read(place.key, value);
    if (name == stageKey) return read(place.stage, value);
    return name == cellKey && read(place.cell, value);
}

/// A percent sign and what separates items would otherwise be read as such.
QString encoded(const QString& value) {
    return QString::fromLatin1(QUrl::toPercentEncoding(value, ":,"));
}

/// The selection that `place` means on `model`, or what it lacks.
QString select(Selection& selection, const Model& model, const Place& place) {
    const auto& blocks = model.attentionBlocks();
    if (!place.block.isEmpty()) {
        const auto found = std::ranges::find(blocks, place.block.toStdString(), &AttentionBlock::name);
        if (found == blocks.end()) return Words::tr("The model has no block %1").arg(place.block);
        selection.block = static_cast<int>(found - blocks.begin());
    }
    selection.head = place.head.value_or(selection.head);
    if (static_cast<std::size_t>(selection.block) < blocks.size()) {
        const int heads = blocks[static_cast<std::size_t>(selection.block)].heads;
        if (selection.head >= heads) return Words::tr("The block has no head %1: its heads are 0 to %2").arg(selection.head).arg(heads - 1);
    }
    selection.query = place.query.value_or(selection.query);
    selection.key = place.key.value_or(selection.key);
    return {};
}

}  // namespace

QString Place::text() const {
    QStringList items;
    const auto add = [&items](const QString& name, const QString& value) {
        if (!value.isEmpty()) items += name + QLatin1Char('=') + encoded(value);
    };
    const auto number = [](const auto& value) { return value ? QString::number(*value) : QString(); };
    add(runKey, run);
    add(placeStepKey, number(step));
    add(placeBlockKey, block);
    add(placeHeadKey, number(head));
    add(placeQueryKey, number(query));
    add(placeKeyKey, number(key));
    add(stageKey, stage);
    add(cellKey, cell);
    return items.isEmpty() ? page : page + QLatin1Char('?') + items.join(QLatin1Char('&'));
}

std::optional<Place> Place::parse(const QString& text) {
    Place place;
    place.page = text.section(QLatin1Char('?'), 0, 0);
    const QUrlQuery items(text.section(QLatin1Char('?'), 1));
    for (const auto& [name, value] : items.queryItems(QUrl::FullyDecoded))
        if (!readItem(place, name, value)) return std::nullopt;
    return place;
}

Place placeOf(const Focus& focus) {
    Place place;
    if (!focus.run()) return place;
    place.run = focus.run()->keptName();
    if (!focus.live()) place.step = focus.wantedStep();
    const Selection& selection = focus.selection();
    const auto& blocks = focus.run()->model()->attentionBlocks();
    if (static_cast<std::size_t>(selection.block) < blocks.size())
        place.block = QString::fromStdString(blocks[static_cast<std::size_t>(selection.block)].name);
    place.head = selection.head;
    place.query = selection.query;
    place.key = selection.key;
    return place;
}

QString show(Focus& focus, const std::vector<Run*>& runs, const Place& place) {
    Run* run = focus.run();
    if (!place.run.isEmpty()) {
        const auto found = std::ranges::find_if(runs, [&place](const Run* each) { return each->keptName() == place.run; });
        if (found == runs.end()) return Words::tr("There is no run %1").arg(place.run);
        run = *found;
    }
    if (!run) return {};
    Selection selection = focus.selection();
    if (const QString lacks = select(selection, *run->model(), place); !lacks.isEmpty()) return lacks;
    if (place.step && *place.step > run->step()) return Words::tr("Step %1 has not come yet").arg(*place.step);
    focus.setRun(run);
    // To go to a page is no choice of a cell.
    if (!place.block.isEmpty() || place.head || place.query || place.key) focus.select(selection);
    if (place.step) focus.showStep(*place.step);
    return {};
}

}  // namespace lab
