#include "ui/pages/memory/patterns_panel.h"

#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "core/base/random.h"
#include "core/memory/icons.h"
#include "core/memory/pattern_files.h"
#include "ui/pages/memory/paragraph.h"
#include "ui/pages/memory/pattern_edits.h"
#include "ui/pages/memory/pattern_pad.h"
#include "ui/pages/memory/pattern_picture.h"
#include "ui/pages/memory/pattern_shelf.h"
#include "ui/pages/memory/random_dialog.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int small = 4, padPixel = 8;  // logical px at 100 %
constexpr double littleNoise = 0.05;

}  // namespace

PatternsPanel::PatternsPanel(MemoryState& state, QWidget* parent) : PanelFrame(tr("Stored patterns"), parent), m_state(state) {
    m_undo = named("memory.patterns.undo", new Button(tr("Undo")));
    m_undo->setHeight(20);
    connect(m_undo, &Button::clicked, &m_state, &MemoryState::undo);
    m_add = named("memory.patterns.add", new Button(tr("Add")));
    m_add->setHeight(20);
    m_add->setGlyph(Glyph::chevronDown);
    m_add->setToolTip(tr("Icons, letters, random patterns, files; save what is stored"));
    m_menu = new QMenu(m_add);
    m_add->setMenu(m_menu);
    connect(m_menu, &QMenu::aboutToShow, this, &PatternsPanel::fillMenu);
    addControl(m_undo);
    addControl(m_add);
    auto* body = new QWidget;
    QVBoxLayout* rows = column(body);
    keepSpacing(rows, QMargins(panelGap, panelGap, panelGap, small), small);
    rows->addWidget(makeEditor());
    m_problem = new ProblemLabel(TextSize::caption);
    m_problem->setWordWrap(true);
    rows->addWidget(m_problem);
    m_shelf = named("memory.patterns.shelf", new PatternShelf);
    m_scroll = new QScrollArea;
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(m_shelf);
    m_shelf->setAutoFillBackground(false);
    m_scroll->viewport()->setAutoFillBackground(false);
    rows->addWidget(m_scroll, 1);
    setContent(body);
    connect(m_shelf, &PatternShelf::chosen, this,
            [this](int index) { m_state.ask(withAsked(m_state.value(), index), tr("Another pattern")); });
    connect(m_shelf, &PatternShelf::removalWanted, m_delete, &QAbstractButton::click);
    connect(m_shelf, &PatternShelf::wantsToBeSeen, this,
            [this](const QRect& part) { m_scroll->ensureVisible(part.center().x(), part.center().y(), 0, part.height() / 2); });
    connect(&m_state, &MemoryState::changed, this, &PatternsPanel::showValue);
    followTheme(this, &PatternsPanel::applyMeasures);
    showValue();
}

QWidget* PatternsPanel::makeEditor() {
    auto* editor = new QWidget;
    auto* layout = new QHBoxLayout(editor);
    keepSpacing(layout, QMargins(), panelGap);
    m_pad = named("memory.patterns.pad", new PatternPad(tr("Chosen pattern"), padPixel));
    m_pad->setDrawable(true);
    m_pad->setToolTip(
        tr("Left button: on. Right button: off. Arrows and Space without a mouse; Shift with an arrow moves the whole picture, round the "
           "edges."));
    layout->addWidget(m_pad);
    auto* side = new QWidget;
    QVBoxLayout* rows = column(side);
    keepSpacing(rows, small);
    m_name = named("memory.patterns.name", new QLineEdit);
    m_name->setAccessibleName(tr("Name of the pattern"));
    m_name->setMaxLength(24);
    m_facts = new Paragraph(3, TextSize::caption, Role::muted);
    m_facts->setToolTip(
        tr("Overlap m = (1/N) \u03A3 x\u1D62 s\u1D62 of pattern and query: 1 where all pixels agree, 0 by chance, \u2212"
           "1 for the inverse"));
    rows->addWidget(m_name);
    rows->addWidget(m_facts);
    rows->addStretch(1);
    rows->addWidget(makeChange(QStringLiteral("memory.patterns.invert"), tr("Invert"), tr("On becomes off, off becomes on"),
                               [](const MemoryValue& value) { return inverted(*value.chosenPattern()); }));
    rows->addWidget(makeChange(
        QStringLiteral("memory.patterns.noise"), tr("Noise"), tr("Flips 5 % of the pixels, drawn by chance"), [](const MemoryValue& value) {
            const auto seed = RandomStream::hash(std::string(value.chosenPattern()->states.begin(), value.chosenPattern()->states.end()));
            return withNoise(*value.chosenPattern(), littleNoise, seed);
        }));
    m_delete = named("memory.patterns.delete", new Button(tr("Delete")));
    m_delete->setToolTip(tr("Forgets the chosen pattern; Undo brings it back"));
    connect(m_delete, &Button::clicked, this, [this] {
        if (const Pattern* chosen = m_state.value().chosenPattern())
            m_state.edit(withoutChosen(m_state.value()), tr("Delete %1").arg(nameOf(*chosen)));
    });
    rows->addWidget(m_delete);
    connect(m_name, &QLineEdit::editingFinished, this, &PatternsPanel::rename);
    connect(m_pad, &PatternPad::strokeBegun, this, [this] { m_stroke = m_state.newStroke(); });
    connect(m_pad, &PatternPad::drawn, this, &PatternsPanel::draw);
    connect(m_pad, &PatternPad::shiftWanted, this, [this](int down, int right) {
        if (const Pattern* chosen = m_state.value().chosenPattern()) changeChosen(shifted(*chosen, down, right), tr("Shift"));
    });
    layout->addWidget(side, 1);
    return editor;
}

Button* PatternsPanel::makeChange(const QString& name, const QString& text, const QString& help,
                                  Pattern (*change)(const MemoryValue& value)) {
    auto* button = named(name, new Button(text));
    button->setToolTip(help);
    connect(button, &Button::clicked, this, [this, change, text] {
        if (m_state.value().chosenPattern()) changeChosen(change(m_state.value()), text);
    });
    m_changes.push_back(button);
    return button;
}

void PatternsPanel::applyMeasures() {
    m_pad->setFixedSize(m_pad->sizeHint());
    showValue();
}

void PatternsPanel::resizeEvent(QResizeEvent* event) {
    PanelFrame::resizeEvent(event);
    if (m_state.value().chosen >= 0 && m_shelf->count() > 0) emit m_shelf->wantsToBeSeen(m_shelf->cardRect(m_state.value().chosen));
}

/// A name that was typed but not confirmed belongs to the pattern it was typed for, also when another one is chosen now.
void PatternsPanel::renameLeft() {
    if (m_named < 0 || m_named == m_state.value().chosen || !m_name->isModified()) return;
    MemoryValue value = m_state.value();
    const int left = std::exchange(m_named, -1);
    const QString name = m_name->text().trimmed();
    const bool isStored = left < static_cast<int>(value.patterns.size());
    if (!isStored || name.isEmpty() || nameOf(value.patterns[static_cast<std::size_t>(left)]) != m_namedAs) return;
    value.patterns[static_cast<std::size_t>(left)].name = name.toStdString();
    m_state.edit(std::move(value), tr("Rename"));
}

/// What is being typed for the chosen pattern stays.
void PatternsPanel::showName() {
    const Pattern* chosen = m_state.value().chosenPattern();
    const QString name = chosen ? nameOf(*chosen) : QString();
    const bool other = m_named != m_state.value().chosen || m_namedAs != name;
    if (other || !m_name->hasFocus() || m_name->text().isEmpty()) m_name->setText(name);
    m_named = m_state.value().chosen;
    m_namedAs = name;
    m_name->setEnabled(chosen);
}

void PatternsPanel::showValue() {
    renameLeft();
    const MemoryValue& value = m_state.value();
    const Pattern* chosen = value.chosenPattern();
    std::vector<double> overlaps;
    for (const Pattern& pattern : value.patterns) overlaps.push_back(overlap(pattern.states, value.query.states));
    setSubtitle(tr("%1 of %2").arg(value.patterns.size()).arg(mostPatterns));
    m_pad->setPattern(chosen);
    showName();
    m_facts->setText(chosen ? tr("%1 on \u00B7 overlap with the query %2")
                                  .arg(onCount(chosen->states))
                                  .arg(fixed(overlaps[static_cast<std::size_t>(value.chosen)], 2))
                            : tr("Add a pattern to begin with"));
    m_shelf->setPatterns(value.patterns, std::move(overlaps), value.chosen);
    for (Button* button : m_changes) button->setEnabled(chosen);
    m_delete->setEnabled(chosen);
    m_undo->setEnabled(m_state.canUndo());
    m_undo->setToolTip(m_state.canUndo() ? tr("Undo: %1 (Ctrl+Z)").arg(m_state.undoName()) : tr("Nothing was changed by hand"));
}

void PatternsPanel::changeChosen(Pattern pattern, const QString& what, int stroke) {
    m_problem->say({});
    m_state.edit(withChosen(m_state.value(), std::move(pattern)), what, stroke);
}

void PatternsPanel::draw(int pixel, bool on) {
    const Pattern* chosen = m_state.value().chosenPattern();
    if (!chosen) return;
    Pattern drawn = *chosen;
    drawn.states[static_cast<std::size_t>(pixel)] = on ? 1 : -1;
    changeChosen(std::move(drawn), tr("Draw"), m_stroke);
}

void PatternsPanel::rename() {
    const Pattern* chosen = m_state.value().chosenPattern();
    const QString name = m_name->text().trimmed();
    if (!chosen || name == nameOf(*chosen)) return;
    if (name.isEmpty()) return m_name->setText(nameOf(*chosen));
    Pattern renamed = *chosen;
    renamed.name = name.toStdString();
    changeChosen(std::move(renamed), tr("Rename"));
}

void PatternsPanel::add(std::vector<Pattern> patterns, const QString& what) {
    const int room = mostPatterns - static_cast<int>(m_state.value().patterns.size());
    const bool tooMany = static_cast<int>(patterns.size()) > room;
    m_problem->say(tooMany ? tr("There is room for %1 patterns; only as many were added as fit.").arg(mostPatterns) : QString());
    m_state.edit(withAdded(m_state.value(), std::move(patterns)), what);
}

void PatternsPanel::fillMenu() {
    m_menu->clear();
    qDeleteAll(m_menu->findChildren<QMenu*>(Qt::FindDirectChildrenOnly));
    const MemoryValue& value = m_state.value();
    const bool iconsFit = value.patterns.empty() || (value.rows() == 16 && value.columns() == 16);
    const auto list = [&](const QString& title, const QString& name, const std::vector<Pattern>& patterns) {
        QMenu* menu = m_menu->addMenu(title);
        menu->setEnabled(iconsFit);
        for (const Pattern& pattern : patterns)
            connect(menu->addAction(nameOf(pattern)), &QAction::triggered, this,
                    [this, &pattern] { add({pattern}, tr("Add %1").arg(nameOf(pattern))); });
        connect(menu->addAction(tr("All of them")), &QAction::triggered, this,
                [this, &patterns, title] { add(patterns, tr("Add: %1").arg(title)); });
        numberActions(*menu, m_add->objectName() + name);
    };
    list(tr("Icons"), QStringLiteral(".icons"), iconPatterns());
    list(tr("Letters"), QStringLiteral(".letters"), letterPatterns());
    const auto action = [this](const QString& text, auto act) { connect(m_menu->addAction(text), &QAction::triggered, this, act); };
    action(tr("Empty picture"), [this] {
        const MemoryValue& now = m_state.value();
        add({blankPattern(now.rows(), now.columns(), tr("drawing").toStdString())}, tr("Add an empty picture"));
    });
    action(tr("The query as it is"), [this] {
        Pattern copy = m_state.value().query;
        if (copy.name.empty()) copy.name = tr("query").toStdString();
        add({copy}, tr("Store the query"));
    });
    action(tr("Random patterns\u2026"), [this] { addRandom(); });
    m_menu->addSeparator();
    action(tr("Open\u2026"), [this] { chooseFiles(); });
    action(tr("Save\u2026"), [this] { chooseTarget(); });
    m_menu->actions().back()->setEnabled(!value.patterns.empty());
    numberActions(*m_menu, m_add->objectName());
}

void PatternsPanel::addRandom() {
    const MemoryValue& value = m_state.value();
    RandomDialog dialog(value.rows(), value.columns(), static_cast<std::uint64_t>(value.patterns.size()) + value.seed,
                        mostPatterns - static_cast<int>(value.patterns.size()), window());
    if (dialog.exec() != QDialog::Accepted) return;
    if (!dialog.replaces()) return add(dialog.patterns(), tr("Add random patterns"));
    MemoryValue replaced = value;
    replaced.patterns.clear();
    replaced.chosen = -1;
    m_state.edit(withAdded(std::move(replaced), dialog.patterns()), tr("Replace all patterns"));
}

void PatternsPanel::chooseFiles() {
    open(QFileDialog::getOpenFileNames(window(), tr("Open pictures"), QString(), patternFilters()));
}

void PatternsPanel::chooseTarget() {
    const QString text = tr("Text of 0 and 1 (*.txt)"), pictures = tr("PBM pictures (*.pbm)");
    QFileDialog dialog(window(), tr("Save the patterns"));
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setNameFilters({text, pictures});
    const auto takeSuffix = [&] {
        dialog.setDefaultSuffix(dialog.selectedNameFilter() == pictures ? QStringLiteral("pbm") : QStringLiteral("txt"));
    };
    connect(&dialog, &QFileDialog::filterSelected, &dialog, takeSuffix);
    takeSuffix();
    dialog.selectFile(QStringLiteral("patterns"));
    if (dialog.exec() != QDialog::Accepted) return;
    takeSuffix();
    save(dialog.selectedFiles().front());
}

void PatternsPanel::open(const QStringList& paths) {
    std::vector<Pattern> opened;
    QString problem;
    const MemoryValue& value = m_state.value();
    for (const QString& path : paths) {
        try {
            // Where nothing is stored, the first file says how large the pictures are.
            const bool anySize = value.patterns.empty() && opened.empty();
            const Pattern& like = opened.empty() ? value.query : opened.front();
            for (Pattern& pattern : openedPatterns(path, like, anySize)) opened.push_back(std::move(pattern));
        } catch (const InputError& error) {
            problem = shown(error);
        }
    }
    if (!opened.empty()) add(std::move(opened), tr("Open pictures"));
    if (!problem.isEmpty()) m_problem->say(problem);  // over what add() said
}

void PatternsPanel::save(const QString& path) {
    try {
        writePatterns(path.toStdU16String(), m_state.value().patterns);
        m_problem->say({});
    } catch (const InputError& error) {
        m_problem->say(shown(error));
    }
}

QString PatternsPanel::problem() const {
    return m_problem->sentence();
}

}  // namespace lab
