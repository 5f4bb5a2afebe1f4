#include "ui/pages/text/zipf_panel.h"

#include <QKeyEvent>
#include <algorithm>
#include <cmath>

#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/hover_card.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"

namespace lab {

namespace {

/// Above the commonest word by the room that its name takes, and where the label at the axis's end is clear of the power of ten below it.
double topOf(double most) {
    constexpr double above = 2.2, clear = 3;
    const double wished = std::max(10.0, most * above), power = std::pow(10.0, std::floor(std::log10(wished)));
    return wished > power && wished < clear * power ? clear * power : wished;
}

/// Of the drawn ranks those whose words may stand beside their points: few, apart on the axis, the first and the last among them.
std::vector<std::pair<std::size_t, QString>> namedRanks(const std::vector<std::size_t>& drawn, const std::vector<WordCount>& words) {
    constexpr double apart = 2.5;  // times the rank before
    const QFont font = Theme::instance().font(TextSize::axis);
    std::vector<std::pair<std::size_t, QString>> names;
    const auto name = [&](std::size_t i) { names.emplace_back(i, elidedWord(font, QString::fromStdString(words[drawn[i]].word))); };
    double next = 1;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        if (static_cast<double>(drawn[i] + 1) < next && i + 1 < drawn.size()) continue;
        name(i);
        next = static_cast<double>(drawn[i] + 1) * apart;
    }
    return names;
}

}  // namespace

std::vector<std::size_t> drawnRanks(std::size_t count) {
    constexpr double nextRank = 1.015;  // a px or so
    std::vector<std::size_t> ranks;
    for (std::size_t rank = 1; rank <= count; rank = std::max(rank + 1, static_cast<std::size_t>(static_cast<double>(rank) * nextRank)))
        ranks.push_back(rank - 1);
    if (count > 0 && ranks.back() != count - 1) ranks.push_back(count - 1);
    return ranks;
}

ZipfPanel::ZipfPanel(QWidget* parent) : PanelFrame(tr("How often each word occurs"), parent) {
    m_plot = named("text.corpus.zipf", new Plot(tr("How often each word occurs")));
    m_plot->setScales(AxisScale::logarithmic, AxisScale::logarithmic);
    m_plot->setXTitle(tr("rank, from 0, drawn at rank + 1"));
    m_plot->setEmptyText(tr("No words yet"));
    m_plot->setReading(
        [](double count) { return count >= 10 ? grouped(std::llround(count)) : fixed(count, count == std::floor(count) ? 0 : 1); });
    m_plot->setFlag([](double x) { return tr("rank %1").arg(grouped(std::llround(x) - 1)); });
    m_plot->legend()->setToolTip(
        tr("Zipf: the word of rank r occurs about 1 / (r + 1) as often as the commonest. Hover for the word, click to find it."));
    addControl(m_plot->legend());
    m_plot->legend()->show();
    m_card = new HoverCard(m_plot);
    m_card->hide();
    setContent(m_plot);
    m_plot->installEventFilter(this);
    connect(m_plot, &Plot::crosshairMoved, this, &ZipfPanel::showCard);
}

void ZipfPanel::setView(std::shared_ptr<const CorpusView> view) {
    m_view = std::move(view);
    m_card->hide();
    std::vector<PlotSeries> series;
    if (m_view && !m_view->statistics.ranks.empty()) {
        const std::vector<WordCount>& words = m_view->statistics.ranks;
        PlotSeries counts{.name = tr("words"), .role = Role::series1, .dots = true, .line = false};
        const std::vector<std::size_t> drawn = drawnRanks(words.size());
        for (const std::size_t rank : drawn) {
            counts.x.push_back(static_cast<double>(rank + 1));
            counts.y.push_back(static_cast<double>(words[rank].count));
        }
        counts.pointNames = namedRanks(drawn, words);
        const auto most = static_cast<double>(words.front().count);
        PlotSeries zipf{.name = tr("Zipf"), .role = Role::series4, .width = 1.2};
        for (const double x : counts.x) {
            if (x > most) break;  // where the law says less than once
            zipf.x.push_back(x);
            zipf.y.push_back(most / x);
        }
        const auto last = static_cast<double>(words.size());
        series = {std::move(counts), std::move(zipf)};
        m_plot->setXRange(1, std::max(10.0, last));
        m_plot->setYRange(std::pair(1.0, topOf(most)));
    }
    m_plot->setSeries(std::move(series));
    m_plot->setCrosshair(std::nullopt);
}

std::optional<std::size_t> ZipfPanel::pointed() const {
    if (!m_view || !m_plot->crosshair() || m_view->statistics.ranks.empty()) return std::nullopt;
    const auto rank = static_cast<std::size_t>(std::max(1.0, std::round(*m_plot->crosshair()))) - 1;
    return std::min(rank, m_view->statistics.ranks.size() - 1);
}

void ZipfPanel::showCard() {
    const auto rank = pointed();
    if (!rank) return m_card->hide();
    m_plot->setCrosshair(static_cast<double>(*rank + 1));  // there are no words between two ranks
    const WordCount& word = m_view->statistics.ranks[*rank];
    const QPointF at = m_plot->place(static_cast<double>(*rank + 1), static_cast<double>(word.count));
    const double share = static_cast<double>(word.count) / static_cast<double>(std::max<std::int64_t>(1, m_view->statistics.words));
    m_card->showBeside(
        QRectF(at - QPointF(3, 3), QSizeF(6, 6)), QString::fromStdString(word.word),
        tr("rank %1, %2 times, %3 of all").arg(grouped(static_cast<std::int64_t>(*rank)), grouped(word.count), percent(share, 2)));
}

void ZipfPanel::chooseWord() {
    if (const auto rank = pointed()) emit wordChosen(QString::fromStdString(m_view->statistics.ranks[*rank].word));
}

bool ZipfPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_plot && event->type() == QEvent::MouseButtonRelease) chooseWord();
    if (watched == m_plot && event->type() == QEvent::Leave) m_card->hide();
    if (watched == m_plot && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            chooseWord();
            return true;
        }
    }
    return PanelFrame::eventFilter(watched, event);
}

}  // namespace lab
