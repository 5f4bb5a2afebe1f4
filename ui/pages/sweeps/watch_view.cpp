#include "ui/pages/sweeps/watch_view.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/files.h"
#include "ui/pages/sweeps/result_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int barRow = 22, totalBar = 6, runBar = 120, watchViewGap = 8;
constexpr int watchViewMostShown = 4;

}  // namespace

/// The whole sweep as one bar, and below it a line for each run in hand.
class WatchView::Bars : public QWidget {
public:
    explicit Bars(SweepBook& book) : m_book(book) { setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed); }

    void fit() {
        const Theme& theme = Theme::instance();
        const int lines = m_book.isBusy() ? std::min(m_book.options().jobs, watchViewMostShown) : 0;
        setFixedHeight(theme.px(totalBar + watchViewGap / 2) + theme.px(barRow) * lines);
        QStringList spoken;
        for (const RunInHand& run : hands()) spoken += lineOf(run);
        describePicture(this, WatchView::tr("Progress of the sweep"), spoken.join(QStringLiteral("; ")));
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        const QRectF track(0, 0, width(), theme.px(totalBar));
        painter.fillRect(track, theme.color(Role::track));
        painter.fillRect(QRectF(0, 0, width() * share(), track.height()), theme.color(Role::series1));
        int y = theme.px(totalBar + watchViewGap / 2);
        const std::vector<RunInHand> runs = hands();
        for (std::size_t i = 0; i < runs.size() && i < watchViewMostShown; ++i, y += theme.px(barRow)) paintRun(painter, runs[i], y);
    }

private:
    std::vector<RunInHand> hands() const { return m_book.isBusy() ? m_book.progress().inHand : std::vector<RunInHand>(); }

    double share() const {
        if (m_book.isBusy()) {
            const SweepProgressNews& news = m_book.progress();
            if (news.total == 0) return 0;
            // Whole runs, and of those in hand the steps done.
            double done = news.done;
            for (const RunInHand& run : news.inHand)
                done += run.steps > 0 ? static_cast<double>(run.step) / static_cast<double>(run.steps) : 0;
            return done / news.total;
        }
        const auto& contents = m_book.contents();
        if (!contents || !contents->sweep) return 0;
        return static_cast<double>(contents->rows.table.rows.size()) / contents->sweep->runCount();
    }

    QString nameOf(const RunInHand& run) const {
        const auto& contents = m_book.contents();
        if (!contents || !contents->sweep || run.run >= contents->sweep->runCount()) return WatchView::tr("run %1").arg(run.run);
        return QString::fromStdString(shortDescription(contents->rows.table.keys, cellsOf(*contents->sweep, run.run)));
    }

    QString lineOf(const RunInHand& run) const {
        return WatchView::tr("%1: step %2 of %3, loss %4").arg(nameOf(run), grouped(run.step), grouped(run.steps), fixed(run.loss, 3));
    }

    void paintRun(QPainter& painter, const RunInHand& run, int y) const {
        const Theme& theme = Theme::instance();
        const int line = theme.px(barRow);
        const double done = run.steps > 0 ? static_cast<double>(run.step) / static_cast<double>(run.steps) : 0;
        const QRectF track(0, y + (line - theme.px(10)) / 2.0, theme.px(runBar), theme.px(10));
        painter.fillRect(track, theme.color(Role::track));
        painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * done, track.height())), theme.color(Role::series1));
        painter.setFont(theme.font(TextSize::axis));
        const QString numbers = WatchView::tr("step %1 / %2").arg(grouped(run.step), grouped(run.steps)) + QStringLiteral(" \u00B7 ") +
                                WatchView::tr("loss %1").arg(run.step > 0 ? fixed(run.loss, 3) : QStringLiteral("\u2013"));
        const QString widest = WatchView::tr("step %1 / %2").arg(grouped(run.steps), grouped(run.steps)) + QStringLiteral(" \u00B7 ") +
                               WatchView::tr("loss %1").arg(QStringLiteral("00.000"));
        const int numbersWidth = textWidth(painter.font(), widest) + theme.px(watchViewGap);
        painter.setPen(theme.color(Role::text));
        painter.drawText(QRectF(track.right() + theme.px(watchViewGap), y, numbersWidth, line), Qt::AlignLeft | Qt::AlignVCenter, numbers);
        const QRectF room(track.right() + theme.px(2 * watchViewGap) + numbersWidth, y,
                          width() - track.right() - numbersWidth - theme.px(2 * watchViewGap), line);
        painter.setPen(theme.color(Role::muted));
        drawElided(painter, room, Qt::AlignLeft, nameOf(run));
    }

    SweepBook& m_book;
};

WatchView::WatchView(SweepBook& book, QWidget* parent) : QWidget(parent), m_book(book) {
    m_sentence = new ThemedLabel({}, TextSize::text, Role::text, true);
    m_detail = new ThemedLabel({}, TextSize::text, Role::muted);
    m_detail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_stop = named(".stop", new Button(tr("Stop")));
    m_stop->setToolTip(tr("Ends after the steps under way; finished runs are kept, and it can go on later"));
    m_resume = named(".resume", new Button(tr("Go on")));
    m_resume->setGlyph(Glyph::play);
    m_resume->setToolTip(tr("Trains the runs that are not in the results yet"));
    m_bars = new Bars(book);
    auto* line = new QHBoxLayout;
    line->addWidget(m_sentence);
    line->addWidget(m_detail, 1);
    line->addWidget(m_resume);
    line->addWidget(m_stop);
    auto* column = new QVBoxLayout(this);
    column->addLayout(line);
    column->addWidget(m_bars);
    connect(m_stop, &Button::clicked, this, &WatchView::stopWanted);
    connect(m_resume, &Button::clicked, this, &WatchView::resumeWanted);
    followTheme(this, &WatchView::applyMeasures);
    refresh();
}

void WatchView::applyMeasures() {
    const int eight = Theme::instance().px(watchViewGap);
    layout()->setContentsMargins(eight, eight / 2, eight, eight / 2);
    layout()->setSpacing(eight / 2);
    m_detail->setMinimumHeight(Theme::instance().px(24));  // the buttons', which come and go
    m_bars->fit();
}

QString WatchView::sentence() const {
    const auto& contents = m_book.contents();
    if (m_book.isBusy()) {
        const SweepProgressNews& news = m_book.progress();
        if (m_book.state() == SweepBook::State::stopping) return tr("Stopping after the steps under way");
        if (news.total == 0) return tr("Starting");
        QString text = counted(LAB_PLURAL("sweeps", "%1 of %n run(s)"), news.total, {QString::number(news.done)});
        if (news.done < news.total)
            text +=
                QStringLiteral(", ") + (news.secondsLeft ? tr("%1 left").arg(duration(*news.secondsLeft)) : tr("time left not known yet"));
        return text;
    }
    if (!contents) return {};
    const auto rows = static_cast<int>(contents->rows.table.rows.size());
    if (!contents->sweep) return counted(LAB_PLURAL("sweeps", "%n run(s)"), rows);
    if (contents->runsLeft() == 0) return counted(LAB_PLURAL("sweeps", "All %n run(s) are finished"), rows);
    return counted(LAB_PLURAL("sweeps", "%1 of %n run(s) are finished"), contents->sweep->runCount(), {QString::number(rows)});
}

void WatchView::refresh() {
    const auto& contents = m_book.contents();
    const SweepBook::State state = m_book.state();
    m_sentence->setText(sentence());
    QString detail;
    if (state == SweepBook::State::elsewhere)
        detail = tr("Another process is writing it: shown here as it grows, to be looked at only.");
    else if (contents && !m_book.isBusy() && !contents->sweep)
        detail = tr("Only the table is there: %1").arg(shown(contents->problem));
    m_detail->setText(detail);
    m_detail->setToolTip(detail);
    m_stop->setVisible(m_book.isBusy());
    m_stop->setEnabled(state == SweepBook::State::running);
    m_resume->setVisible(state == SweepBook::State::still && contents && contents->runsLeft().value_or(0) > 0);
    m_bars->fit();
}

}  // namespace lab
