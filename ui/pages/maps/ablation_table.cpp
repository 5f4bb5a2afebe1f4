#include "ui/pages/maps/ablation_table.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int ablationTableTableRow = 24;
constexpr int ablationTablePadding = 6;
constexpr int choiceWidth = 46;
constexpr int choiceHeight = 18;
constexpr int leastBar = 16, mostBar = 96;
constexpr double leastFixedLoss = 5e-4;  // smaller ones are written as 6.2e-6

using State = AblationTable::State;
constexpr State choices[] = {State::on, State::off, State::uniform};

QString stateName(State state) {
    switch (state) {
        case State::on:
            return AblationTable::tr("on");
        case State::off:
            return AblationTable::tr("off");
        case State::uniform:
            return AblationTable::tr("uniform");
        case State::several:
            break;
    }
    return AblationTable::tr("several");
}

bool isLoss(int column) {
    return column == AblationTable::offLoss || column == AblationTable::uniformLoss;
}

bool isOff(int column) {
    return column == AblationTable::offLoss || column == AblationTable::offAccuracy;
}

/// In a cell whose room begins at `left` and has this middle.
QRect choiceRect(State choice, int left, int middle) {
    const Theme& theme = Theme::instance();
    const int width = theme.px(choiceWidth), height = theme.px(choiceHeight);
    return {left + static_cast<int>(choice) * (width + 2), middle - height / 2 + 1, width, height};
}

}  // namespace

AblationTable::AblationTable(QWidget* parent) : DataTable(tr("Heads and their switches"), ablationTableTableRow, parent) {
    nameColumns();
    sortByColumn(nameColumn, true);
}

void AblationTable::nameColumns() {
    if (m_vectors)
        return setColumns({nameOf(), switchOf(), changeOf("moved_off", tr("1 \u2212 cos, off"), offLoss),
                           changeOf("cosine_change_off", tr("\u0394 cos, off"), offAccuracy),
                           changeOf("moved_uniform", tr("1 \u2212 cos, uniform"), uniformLoss),
                           changeOf("cosine_change_uniform", tr("\u0394 cos, uniform"), uniformAccuracy)});
    const std::string id = measureId(m_measure);
    const QString brief = measureBrief(m_measure);
    setColumns({nameOf(), switchOf(), changeOf("loss_change_off", tr("\u0394 loss, off"), offLoss),
                changeOf(id + "_change_off", tr("\u0394 %1, off").arg(brief), offAccuracy),
                changeOf("loss_change_uniform", tr("\u0394 loss, uniform"), uniformLoss),
                changeOf(id + "_change_uniform", tr("\u0394 %1, uniform").arg(brief), uniformAccuracy)});
}

void AblationTable::setMeasure(Measure measure) {
    if (measure == m_measure) return;
    m_measure = measure;
    nameColumns();
}

void AblationTable::setJudgesVectors(bool vectors) {
    if (vectors == m_vectors) return;
    m_vectors = vectors;
    nameColumns();
}

QString AblationTable::judgedBy(int column) const {
    if (m_vectors && isLoss(column)) return tr("1 \u2212 cosine to the mean vector of the whole model");
    if (m_vectors) return tr("the cosine to that vector, in percentage points,");
    return isLoss(column) ? tr("the loss") : tr("the %1, in percentage points,").arg(measurePhrase(m_measure));
}

TableColumn AblationTable::nameOf() const {
    TableColumn column{"head", tr("head"), tr("L = layer, H = head, from 0; all = every head of the layer."), Qt::AlignLeft, true};
    column.cell = [this](std::size_t row) { return TableCell{m_rows[row].name, Role::text, true}; };
    column.number = [](std::size_t row) { return static_cast<double>(row); };
    column.toolTip = [this](std::size_t row) {
        return tr("%1 is %2.\nO switches it off and on, U makes it uniform, Enter chooses the next.")
            .arg(m_rows[row].name, stateName(m_rows[row].state));
    };
    return column;
}

TableColumn AblationTable::switchOf() const {
    TableColumn column = nameOf();
    column.id = "switch";
    column.title = tr("switch");
    column.help =
        tr("off: the head's output is 0. uniform: it spreads its weight evenly over what each query may see. "
           "The whole window follows at once.");
    column.upwards = false;
    column.cell = [this](std::size_t row) { return TableCell{stateName(m_rows[row].state)}; };
    column.number = [this](std::size_t row) { return static_cast<double>(m_rows[row].state); };
    column.paint = [this](QPainter& painter, const QRectF& room, std::size_t row) { paintChoices(painter, room, m_rows[row].state); };
    return column;
}

TableColumn AblationTable::changeOf(std::string id, const QString& title, int column) const {
    TableColumn result{std::move(id), title};
    result.help =
        tr("How %1 changes when this head alone is %2, all others as trained.\n%3: %4. Near 0: %5.")
            .arg(judgedBy(column), isOff(column) ? tr("switched off") : tr("made uniform"), isLoss(column) ? tr("Far up") : tr("Far down"),
                 isOff(column) ? tr("the model leans on it") : tr("the model leans on where it looks"),
                 isOff(column) ? tr("others do its work, or it has none") : tr("an even average does as well, or it has no work"));
    result.number = [this, column](std::size_t row) { return change(m_rows[row], column); };
    result.cell = [this, column](std::size_t row) {
        const double value = change(m_rows[row], column);
        TableCell cell = noNumber();
        if (!std::isnan(value))
            cell = {isLoss(column) ? lossChangeText(value) : signedFixed(100.0 * value, 1) + QStringLiteral("\u00A0pp")};
        // Off and uniform can be compared; what lowers the loss has no bar but its sign.
        if (isLoss(column)) cell.bar = m_mostLoss > 0.0 ? value / m_mostLoss : 0.0;
        return cell;
    };
    result.toolTip = [this, title, cell = result.cell](std::size_t row) {
        return tr("%1, %2: %3").arg(m_rows[row].name, title, cell(row).text);
    };
    return result;
}

/// What switching a row alone changes; not a number where nothing was measured.
double AblationTable::change(const Row& row, int column) const {
    const auto& score = isOff(column) ? row.entry.off : row.entry.uniform;
    if (!m_whole || !score) return std::nan("");
    return isLoss(column) ? score->loss - m_whole->loss : score->accuracy - m_whole->accuracy;
}

void AblationTable::paintChoices(QPainter& painter, const QRectF& room, State state) const {
    const Theme& theme = Theme::instance();
    for (const State choice : choices) {
        const QRect rect = choiceRect(choice, room.toRect().left(), room.toRect().center().y());
        const bool on = state == choice;
        lab::drawFrame(painter, rect, theme.px(2), theme.color(on ? Role::accent : Role::hairline),
                       theme.color(on ? Role::selection : Role::control));
        painter.setFont(theme.font(TextSize::caption, on));
        painter.setPen(theme.color(on ? Role::text : Role::muted));
        painter.drawText(rect, Qt::AlignCenter, stateName(choice));
    }
}

void AblationTable::setRows(std::vector<Row> rows, const std::optional<AblationScore>& whole) {
    m_whole = whole;
    std::optional<AblationSubject> kept;
    if (const auto at = DataTable::chosen()) kept = m_rows[*at].entry.subject;
    m_rows = std::move(rows);
    m_mostLoss = 0.0;
    for (const Row& row : m_rows)
        for (const int column : {offLoss, uniformLoss})
            if (const double value = change(row, column); std::isfinite(value)) m_mostLoss = std::max(m_mostLoss, std::abs(value));
    const auto found = std::ranges::find_if(m_rows, [&](const Row& row) { return kept && row.entry.subject == *kept; });
    showAll(m_rows.size(), found == m_rows.end() ? std::nullopt : std::optional<std::size_t>(found - m_rows.begin()));
    if (!kept && !m_rows.empty()) setCurrentIndex(model()->index(0, stateColumn));
    arrangeColumns();
}

QRect AblationTable::stateRect(int place, State state) const {
    const QRect cell = visualRect(model()->index(place, stateColumn));
    return choiceRect(state, cell.left() + Theme::instance().px(ablationTablePadding), cell.center().y());
}

void AblationTable::switchRow(std::size_t row, State state) {
    emit switched(m_rows[row].entry.subject, state);
}

void AblationTable::mousePressEvent(QMouseEvent* event) {
    DataTable::mousePressEvent(event);
    const QModelIndex index = indexAt(event->pos());
    if (!index.isValid() || index.column() != stateColumn) return;
    for (const State choice : choices)
        if (stateRect(index.row(), choice).contains(event->pos()))
            return switchRow(places()[static_cast<std::size_t>(index.row())], choice);
}

void AblationTable::keyPressEvent(QKeyEvent* event) {
    const bool plain = event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const auto at = chosen();
    if (!plain || !at || (!enter && event->key() != Qt::Key_O && event->key() != Qt::Key_U)) return DataTable::keyPressEvent(event);
    const State state = m_rows[*at].state, wanted = event->key() == Qt::Key_O ? State::off : State::uniform;
    if (enter)
        switchRow(*at, state == State::on ? State::off : state == State::off ? State::uniform : State::on);
    else
        switchRow(*at, state == wanted ? State::on : wanted);
}

void AblationTable::arrangeColumns() {
    const Theme& theme = Theme::instance();
    const int name = roomFor(nameColumn, theme.px(56)), state = 3 * (theme.px(choiceWidth) + 2) + 2 * theme.px(ablationTablePadding);
    const int loss = theme.px(56 + 3 * ablationTablePadding), accuracy = theme.px(76), longAccuracy = theme.px(98);
    const int spare = viewport()->width() - name - state - 2 * loss - accuracy - longAccuracy;
    const int bar = std::clamp(spare / 2, theme.px(leastBar), theme.px(mostBar));
    setColumnWidth(nameColumn, name);
    setColumnWidth(stateColumn, state);
    for (const int column : {offLoss, uniformLoss}) {
        setBarWidth(column, bar);
        setColumnWidth(column, loss + bar);
    }
    setColumnWidth(offAccuracy, accuracy);
    setColumnWidth(uniformAccuracy, longAccuracy);
}

QString lossText(double loss) {
    return loss != 0.0 && std::abs(loss) < leastFixedLoss ? scientific(loss, 1) : fixed(loss, 4);
}

QString lossChangeText(double change) {
    const bool tiny = change != 0.0 && std::abs(change) < leastFixedLoss;
    return tiny ? (change > 0.0 ? QStringLiteral("+") : QString()) + scientific(change, 1) : signedFixed(change, 4);
}

}  // namespace lab
