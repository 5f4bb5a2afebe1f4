#include "ui/pages/text/corpus_counts.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/scenes/parts_figure.h"
#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/text_table.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int countsMargin = 8, lineGap = 4;
constexpr int barsHeight = 68, leastBars = 52, splitHeight = 14;
constexpr int axisHeight = 16, countRoom = 40;
constexpr std::size_t shownDigits = 4;

QRectF barsRoom(const QSizeF& size) {
    const Theme& theme = Theme::instance();
    return QRectF(theme.px(countRoom), theme.px(6), std::max(1.0, size.width() - theme.px(countRoom + countsMargin)),
                  std::max(1.0, size.height() - theme.px(axisHeight + 8)));
}

QString lengthText(const LengthBars& bars, std::size_t bar) {
    const std::int64_t first = bars.first + static_cast<std::int64_t>(bar) * bars.width;
    return LengthBarsView::tr("%1 to %2 characters").arg(grouped(first), grouped(first + bars.width - 1));
}

void paintBars(QPainter& painter, const QSizeF& size, const LengthBars& bars) {
    if (bars.counts.empty()) return;
    const Theme& theme = Theme::instance();
    const QRectF room = barsRoom(size);
    const auto most = static_cast<double>(*std::ranges::max_element(bars.counts));
    const double step = room.width() / static_cast<double>(bars.counts.size());
    for (std::size_t i = 0; i < bars.counts.size(); ++i) {
        const double height = room.height() * static_cast<double>(bars.counts[i]) / most;
        const QRectF bar(room.left() + step * static_cast<double>(i), room.bottom() - height, std::max(1.0, step - theme.px(1)), height);
        painter.fillRect(bar, theme.color(Role::series1));
    }
    drawHairline(painter, room.bottomLeft(), room.bottomRight(), theme.color(Role::controlBorder));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const auto atLeft = [&](double y, const QString& text) {
        painter.drawText(QRectF(0, y - theme.px(8), room.left() - theme.px(4), theme.px(16)), Qt::AlignRight | Qt::AlignVCenter, text);
    };
    atLeft(room.top() + theme.px(4), compact(most));
    atLeft(room.bottom() - theme.px(4), QStringLiteral("0"));
    const QRectF below(room.left(), room.bottom() + theme.px(1), room.width(), theme.px(axisHeight));
    const QString first = grouped(bars.first), last = grouped(bars.first + bars.width * static_cast<std::int64_t>(bars.counts.size()));
    painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter, first);
    painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, last);
    const double ends = std::max(textAdvance(painter.font(), first), textAdvance(painter.font(), last)) + theme.px(6);
    drawElided(painter, below.adjusted(ends, 0, -ends, 0), Qt::AlignHCenter, LengthBarsView::tr("characters per document"));
}

void paintSplit(QPainter& painter, const QRectF& room, double train, double validation) {
    const Theme& theme = Theme::instance();
    const double whole = std::max(1e-12, train + validation), at = std::round(room.width() * train / whole);
    painter.fillRect(QRectF(room.left(), room.top(), at, room.height()), theme.color(Role::series1));
    const QRectF rest(room.left() + at + theme.px(1), room.top(), room.width() - at - theme.px(1), room.height());
    if (validation <= 0 || rest.width() <= 0) return;
    painter.fillRect(rest, theme.color(Role::series3));  // as the curves of validation have it
}

/// How many, and the first of them.
QString nearText(const std::vector<NearDuplicate>& near) {
    const auto count = static_cast<std::int64_t>(near.size());
    const QString first = CorpusCounts::tr("%1 like %2").arg(near.front().document).arg(near.front().of);
    return counted(LAB_PLURAL("corpus", "%1 document(s) nearly the same as an earlier one, the first: %2."), count,
                   {grouped(count), first});
}

/// "9f2c 71ab … 04de"; the whole is in the tool tip.
QString shortened(const std::string& hash) {
    const QString whole = QString::fromStdString(hash);
    if (whole.size() < 12) return whole;
    return whole.left(shownDigits) + QLatin1Char(' ') + whole.mid(shownDigits, shownDigits) + QStringLiteral(" \u2026 ") +
           whole.right(shownDigits);
}

}  // namespace

LengthBarsView::LengthBarsView(QWidget* parent) : QWidget(parent) {
    describePicture(this, tr("Lengths of the documents"));
}

void LengthBarsView::setBars(LengthBars bars) {
    m_bars = std::move(bars);
    QStringList spoken;
    for (std::size_t i = 0; i < m_bars.counts.size(); ++i)
        if (m_bars.counts[i] > 0) spoken << tr("%1: %2").arg(lengthText(m_bars, i), grouped(m_bars.counts[i]));
    describePicture(this, tr("Lengths of the documents"), spoken.join(QStringLiteral("; ")));
    update();
}

int LengthBarsView::barAt(const QPoint& position) const {
    const QRectF room = barsRoom(size());
    if (m_bars.counts.empty() || position.x() < room.left() || position.x() >= room.right()) return -1;
    return static_cast<int>((position.x() - room.left()) / room.width() * static_cast<double>(m_bars.counts.size()));
}

QSize LengthBarsView::sizeHint() const {
    return {Theme::instance().px(200), Theme::instance().px(barsHeight)};
}

QSize LengthBarsView::minimumSizeHint() const {
    return {Theme::instance().px(120), Theme::instance().px(leastBars)};
}

void LengthBarsView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    drawHairline(painter, {0, 0}, QPointF(width(), 0), Theme::instance().color(Role::hairline));
    paintBars(painter, size(), m_bars);
}

bool LengthBarsView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int bar = barAt(help->pos());
    if (bar < 0) {
        QToolTip::hideText();
        return true;
    }
    const std::int64_t count = m_bars.counts[static_cast<std::size_t>(bar)];
    const QString documents = counted(LAB_PLURAL("corpus", "%1 document(s)"), count, {grouped(count)});
    QToolTip::showText(help->globalPos(), tr("%1: %2").arg(lengthText(m_bars, static_cast<std::size_t>(bar)), documents), this);
    return true;
}

SplitBar::SplitBar(QWidget* parent) : QWidget(parent) {
    describePicture(this, tr("Shares of training and validation"));
}

void SplitBar::setShares(double train, double validation) {
    m_train = train;
    m_validation = validation;
    const double whole = std::max(1e-12, train + validation);
    describePicture(this, tr("Shares of training and validation"),
                    tr("train %1, validation %2").arg(percent(train / whole), percent(validation / whole)));
    update();
}

QSize SplitBar::sizeHint() const {
    return {Theme::instance().px(120), Theme::instance().px(splitHeight)};
}

void SplitBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintSplit(painter, rect(), m_train, m_validation);
}

CorpusCounts::CorpusCounts(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(makeCounts(), 1);
    layout->addWidget(makeSplit());
    layout->addWidget(makePrint());
    followTheme(this, &CorpusCounts::applyMeasures);
}

QWidget* CorpusCounts::makeCounts() {
    auto* panel = new PanelFrame(tr("Counts"), this);
    panel->setNote(tr("after cleaning"));
    auto* body = new QWidget;
    auto* layout = new QVBoxLayout(body);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_counts = new TextTable(tr("Counts of the text"));
    m_counts->setColumns({tr("what"), tr("count")}, {.66, .34});
    m_lengths = new LengthBarsView;
    layout->addWidget(m_counts, 1);
    layout->addWidget(m_lengths);
    panel->setContent(body);
    return panel;
}

QWidget* CorpusCounts::makeSplit() {
    m_split = new PanelFrame(tr("Split"), this);
    auto* body = new QWidget;
    auto* layout = new QVBoxLayout(body);
    m_bar = new SplitBar;
    m_sides = new ElidedLabel(QString(), TextSize::axis);
    m_notes = new ThemedLabel(QString(), TextSize::caption, Role::muted);
    m_notes->setWordWrap(true);
    layout->addWidget(m_bar);
    layout->addWidget(m_sides);
    layout->addWidget(m_notes);
    m_padded.push_back(layout);
    m_split->setContent(body);
    return m_split;
}

QWidget* CorpusCounts::makePrint() {
    auto* panel = new PanelFrame(tr("Fingerprint"), this);
    m_copy = named("text.corpus.copy", new Button(tr("Copy")));
    m_copy->setHeight(20);
    m_copy->setToolTip(tr("Both in full, into the clipboard"));
    panel->addControl(m_copy);
    auto* body = new QWidget;
    auto* layout = new QVBoxLayout(body);
    m_raw = new ElidedLabel(QString(), TextSize::axis, Role::muted);
    m_clean = new ElidedLabel(QString(), TextSize::axis);
    for (ElidedLabel* label : {m_raw, m_clean}) layout->addWidget(label);
    m_padded.push_back(layout);
    panel->setContent(body);
    connect(m_copy, &QPushButton::clicked, this, &CorpusCounts::copyPrint);
    return panel;
}

void CorpusCounts::applyMeasures() {
    const Theme& theme = Theme::instance();
    layout()->setSpacing(theme.px(panelGap));
    for (QLayout* each : m_padded) {
        const int side = theme.px(countsMargin);
        each->setContentsMargins(side, side, side, side);
        each->setSpacing(theme.px(lineGap));
    }
}

/// Where there is little room the counts need it.
void CorpusCounts::resizeEvent(QResizeEvent* event) {
    constexpr int enough = 480;  // px at 100 %
    QWidget::resizeEvent(event);
    m_lengths->setVisible(height() >= Theme::instance().px(enough));
}

void CorpusCounts::setView(std::shared_ptr<const CorpusView> view) {
    m_view = std::move(view);
    showCounts();
    showSplit();
    m_copy->setEnabled(m_view != nullptr);
    m_lengths->setBars(m_view ? m_view->statistics.lengths : LengthBars());
    const auto say = [&](ElidedLabel* label, const QString& text, const std::string& hash) {
        label->setText(text.arg(shortened(hash)));
        label->setToolTip(QString::fromStdString(hash));
    };
    say(m_raw, tr("SHA-256 of raw: %1"), m_view ? m_view->corpus.rawHash : std::string());
    say(m_clean, tr("SHA-256 of clean: %1"), m_view ? m_view->corpus.cleanHash : std::string());
}

void CorpusCounts::showCounts() {
    std::vector<TextTable::Row> rows;
    if (m_view) {
        const TextStatistics& counts = m_view->statistics;
        const auto add = [&](const QString& what, const QString& value) { rows.push_back({{what, value}}); };
        add(tr("documents"), grouped(counts.documents));
        add(tr("characters"), grouped(counts.characters));
        add(tr("different characters"), grouped(counts.differentCharacters));
        add(tr("words"), grouped(counts.words));
        add(tr("different words"), grouped(counts.differentWords()));
        add(tr("words seen fewer than 10 times"), grouped(counts.rareWords()));
        add(tr("10 commonest words, of all"), percent(counts.commonestShare()));
        add(tr("bytes as read"), grouped(static_cast<std::int64_t>(m_view->corpus.rawBytes)));
        add(tr("bytes, clean"), grouped(static_cast<std::int64_t>(m_view->corpus.train.size() + m_view->corpus.validation.size())));
    }
    m_counts->setRows(std::move(rows));
}

void CorpusCounts::showSplit() {
    if (!m_view) {
        m_bar->setShares(1, 0);
        m_sides->clear();
        m_notes->clear();
        return;
    }
    const Corpus& corpus = m_view->corpus;
    const auto train = static_cast<double>(corpus.train.size()), validation = static_cast<double>(corpus.validation.size());
    m_bar->setShares(train, validation);
    m_split->setSubtitle(
        QStringLiteral("%1 / %2").arg(percent(train / (train + validation), 0), percent(validation / (train + validation), 0)));
    std::int64_t trained = 0, kept = 0;
    for (const TextDocument& document : corpus.documents) {
        trained += document.side != TextSide::validation;
        kept += document.side != TextSide::train;
    }
    m_sides->setText(tr("train %1, validation %2 documents").arg(grouped(trained), grouped(kept)));
    m_notes->setText(notes());
}

QString CorpusCounts::notes() const {
    if (!m_view) return {};
    const Corpus& corpus = m_view->corpus;
    QStringList lines;
    for (const Message& note : corpus.notes) lines << shown(note);
    if (lines.isEmpty() && !corpus.splitTail)
        lines << tr("By document, never inside one: a model must not be tested on the rest of what it has read.");
    if (lines.isEmpty() && corpus.splitTail)
        lines << tr("The end of the text is for validation, from the beginning of a line on, or of a word where lines are too long.");
    if (corpus.repeated < .05 && !corpus.validation.empty())
        lines << tr("%1 of validation's runs of eight words stand in training too.").arg(percent(corpus.repeated));
    if (!m_view->near.empty()) lines << nearText(m_view->near);
    return lines.join(QLatin1Char('\n'));
}

void CorpusCounts::copyPrint() const {
    if (!m_view) return;
    QGuiApplication::clipboard()->setText(
        QStringLiteral("raw_sha256 %1\nclean_sha256 %2\n")
            .arg(QString::fromStdString(m_view->corpus.rawHash), QString::fromStdString(m_view->corpus.cleanHash)));
}

std::vector<FigureOffer> CorpusCounts::figures(const FigureSubject& subject) const {
    if (!m_view) return {};
    constexpr double width = 480, height = 220;
    const QString name = tr("Lengths of the documents");
    FigureOffer lengths{name, figureFile(subject, name), [name, subject, bars = m_view->statistics.lengths] {
                            auto figure = std::make_unique<PartsFigure>();
                            figure->title = name;
                            figure->caption = subjectCaption(subject, name);
                            figure->body = {width, height};
                            figure->parts.push_back({QString(), QRectF(0, 0, width, height), nullptr});
                            figure->parts.back().paint = [bars](QPainter& painter, const QSizeF& size) { paintBars(painter, size, bars); };
                            figure->numbers.header = {"from", "to", "documents"};
                            for (std::size_t i = 0; i < bars.counts.size(); ++i) {
                                const std::int64_t first = bars.first + static_cast<std::int64_t>(i) * bars.width;
                                figure->numbers.rows.push_back(
                                    {std::to_string(first), std::to_string(first + bars.width - 1), std::to_string(bars.counts[i])});
                            }
                            return figure;
                        }};
    lengths.still = true;
    const QString splitName = tr("Split of the text");
    FigureOffer split{splitName, figureFile(subject, splitName),
                      [splitName, subject, train = m_view->corpus.train.size(), validation = m_view->corpus.validation.size()] {
                          constexpr double tall = 24;
                          auto figure = std::make_unique<PartsFigure>();
                          figure->title = splitName;
                          figure->caption = subjectCaption(subject, tr("Bytes of training, then of validation"));
                          figure->body = {width, tall};
                          figure->parts.push_back({QString(), QRectF(0, 0, width, tall), nullptr});
                          figure->parts.back().paint = [=](QPainter& painter, const QSizeF& size) {
                              paintSplit(painter, QRectF(QPointF(), size), static_cast<double>(train), static_cast<double>(validation));
                          };
                          figure->numbers.header = {"side", "bytes"};
                          figure->numbers.rows = {{"train", std::to_string(train)}, {"validation", std::to_string(validation)}};
                          return figure;
                      }};
    split.still = true;
    return {std::move(lengths), std::move(split)};
}

}  // namespace lab
