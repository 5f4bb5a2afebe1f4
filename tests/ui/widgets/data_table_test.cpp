#include "ui/widgets/table/data_table.h"

#include <QAccessible>
#include <QHeaderView>
#include <QSignalSpy>
#include <QtTest>
#include <cmath>

#include "ui/widgets/figure_file.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/table/table_figure.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

constexpr double third = 1.0 / 3.0;

/// Towns and shares: words, a number with a bar, and one column that is only drawn.
class Towns : public DataTable {
public:
    Towns() : DataTable(QStringLiteral("Towns"), 20) {
        std::vector<TableColumn> columns(3);
        columns[0] = {"town", "town", "where", Qt::AlignLeft, true};
        columns[0].cell = [this](std::size_t row) { return TableCell{names[row]}; };
        columns[1] = {"share", "share", "how much"};
        columns[1].bar = 34;
        columns[1].number = [this](std::size_t row) { return shares[row]; };
        columns[1].cell = [this](std::size_t row) {
            TableCell cell = std::isnan(shares[row]) ? noNumber() : TableCell{QString::number(shares[row], 'f', 2)};
            cell.bar = shares[row];
            return cell;
        };
        columns[1].spoken = [cell = columns[1].cell](std::size_t row) { return "share " + cell(row).text; };
        columns[2].title = "drawn";
        columns[2].cell = [](std::size_t) { return TableCell{}; };
        columns[2].paint = [this](QPainter&, const QRectF&, std::size_t) { ++drawn; };
        setColumns(std::move(columns));
        showAll(names.size(), std::nullopt);
        resize(400, 200);
    }

    QString at(int row, int column) const { return model()->index(row, column).data().toString(); }
    QColor pixelAt(int row, int column, int right) {
        const QRect cell = visualRect(model()->index(row, column));
        return viewport()->grab().toImage().pixelColor(cell.right() - right, cell.center().y() + 1);
    }

    std::vector<QString> names{"Ulm", "Bonn", "Kiel"};
    std::vector<double> shares{third, std::nan(""), 0.9};
    int drawn = 0;
};

QColor color(Role role) {
    return Theme::instance().color(role);
}

}  // namespace

class DataTableTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void sortsByTitleAndKeyWithWhatIsNoNumberAtTheEnd() {
        Towns table;
        QHeaderView& header = *table.horizontalHeader();
        QTest::mouseClick(header.viewport(), Qt::LeftButton, {}, {header.sectionViewportPosition(1) + 5, header.height() / 2});
        QCOMPARE(table.places(), (std::vector<std::size_t>{2, 0, 1}));
        table.setCurrentIndex(table.model()->index(0, 1));
        QTest::keyClick(&table, Qt::Key_S);
        QCOMPARE(table.places(), (std::vector<std::size_t>{0, 2, 1}));
        QCOMPARE(table.chosen(), std::optional<std::size_t>(2));  // the cursor stays on its row
        table.setCurrentIndex(table.model()->index(0, 0));
        QTest::keyClick(&table, Qt::Key_S);  // words upwards first
        QCOMPARE(table.places(), (std::vector<std::size_t>{1, 2, 0}));
    }

    void keysChooseAndOpenRows() {
        Towns table;
        table.sortByColumn(1, false);
        QSignalSpy chosen(&table, &DataTable::rowChosen), opened(&table, &DataTable::rowOpened);
        table.setChosen(2);
        QVERIFY(chosen.isEmpty());
        QTest::keyClick(&table, Qt::Key_Down);
        QCOMPARE(chosen.takeFirst()[0].value<std::size_t>(), std::size_t{0});
        QTest::keyClick(&table, Qt::Key_Right);
        QVERIFY(chosen.isEmpty());
        QTest::keyClick(&table, Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened[0][0].value<std::size_t>(), std::size_t{0});
    }

    void newValuesOfTheSameRowsArePaintedInPlace() {
        Towns table;
        table.sortByColumn(1, false);
        table.setChosen(0);
        QSignalSpy reset(table.model(), &QAbstractItemModel::modelReset), changed(table.model(), &QAbstractItemModel::dataChanged),
            resized(table.horizontalHeader(), &QHeaderView::sectionResized), chosen(&table, &DataTable::rowChosen);
        table.shares[0] = 0.95;
        table.showAll(3, table.chosen());
        QCOMPARE(table.at(0, 1), QStringLiteral("0.95"));
        QCOMPARE(table.chosen(), std::optional<std::size_t>(0));
        QCOMPARE(changed.size(), 1);
        QVERIFY(reset.isEmpty() && resized.isEmpty() && chosen.isEmpty());
        table.showRows({2, 1}, 1);  // a filter
        QCOMPARE(table.model()->rowCount(), 2);
        QCOMPARE(table.chosen(), std::optional<std::size_t>(1));
        QCOMPARE(reset.size(), 1);
        QVERIFY(chosen.isEmpty());
    }

    void barsMarksAndTheChosenRowAreDrawn() {
        Towns table;
        table.setChosen(0);
        const int end = Theme::instance().px(6);
        QCOMPARE(table.pixelAt(0, 1, end + 30), color(Role::series1));  // a third of the track
        QCOMPARE(table.pixelAt(0, 1, end + 2), color(Role::track));
        QCOMPARE(table.pixelAt(2, 1, end + 20), color(Role::series1));
        QCOMPARE(table.pixelAt(1, 1, end + 30), color(Role::track));  // not a number
        QCOMPARE(table.pixelAt(0, 0, 2), color(Role::selection));
        QCOMPARE(table.pixelAt(1, 0, 2), color(Role::screen));
        QVERIFY(table.drawn > 0);
    }

    void filesHaveWhatIsShownInFull() {
        Towns table;
        table.sortByColumn(1, true);
        table.showRows({0, 1}, std::nullopt);
        const FigureTable numbers = table.table();
        QCOMPARE(numbers.header, (std::vector<std::string>{"town", "share"}));
        QCOMPARE(numbers.rows.size(), std::size_t{2});
        QCOMPARE(std::stod(numbers.rows[0][1]), third);
        QCOMPARE(numbers.rows[1], (std::vector<std::string>{"Bonn", ""}));
    }

    void screenReadersHearTitlesAndCells() {
        Towns table;
        QAccessibleInterface* told = QAccessible::queryAccessibleInterface(&table);
        QCOMPARE(told->text(QAccessible::Name), QStringLiteral("Towns"));
        QVERIFY(told->tableInterface());
        QCOMPARE(told->tableInterface()->rowCount(), 3);
        QCOMPARE(told->tableInterface()->columnDescription(1), QStringLiteral("share"));
        QCOMPARE(told->tableInterface()->cellAt(2, 0)->text(QAccessible::Name), QStringLiteral("Kiel"));
        QCOMPARE(told->tableInterface()->cellAt(2, 1)->text(QAccessible::Name), QStringLiteral("share 0.90"));
        QVERIFY(table.model()->headerData(1, Qt::Horizontal, Qt::ToolTipRole).toString().startsWith("how much\n"));
    }

    void paperHasTheSameBarsAndAllNumbers() {
        Towns table;
        TableFigure whole(table), first(table, 1);
        whole.title = first.title = QStringLiteral("Towns");
        QCOMPARE(whole.size().height() - first.size().height(), 40.0);
        QCOMPARE(first.table().rows.size(), std::size_t{3});
        const QImage image = figureImage(whole);
        int filled = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) filled += image.pixelColor(x, y) == color(Role::series1) ? 1 : 0;
        QVERIFY2(filled > 300, qPrintable(QString::number(filled)));
        table.names[0] = "Trier";  // the picture stays what was seen
        QCOMPARE(TableFigure(whole).table().rows[0][0], std::string("Ulm"));
    }

    /// Titles and cells that would run into their neighbours get the room that others have left.
    void textsOfColumnsStandApart() {
        struct Open : TextTable {
            using TextTable::rooms;
            using TextTable::TextTable;
        } table(QStringLiteral("Groups"));
        table.setColumns({"phenomenon", "right %", "guess %", "5-gram %", "90 % at step"}, {.32, .16, .16, .18, .18});
        table.setRows({{{"agreement", "0.0", "50.0", "0.0", "\u2013"}}});
        table.resize(400, 100);
        const std::vector<QRectF> rooms = table.rooms(QRectF(0, 0, 400, 20));
        for (std::size_t c = 0; c < rooms.size(); ++c) {
            QVERIFY(textWidth(Theme::instance().font(TextSize::caption), table.titles()[c]) <= rooms[c].width());
            QVERIFY(c == 0 || rooms[c - 1].right() < rooms[c].left());
        }
        QVERIFY(rooms.back().right() <= 400);
    }

    void whatDoesNotFitIsToldInTheLastLine() {
        TextTable table(QStringLiteral("Rows"));
        table.setColumns({"name", "value"}, {0.5, 0.5});
        std::vector<TextTable::Row> rows(9);
        for (TextTable::Row& row : rows) row.cells = {"row", "\u2713 1"};
        rows[2].chosen = true;
        table.setRows(rows);
        const auto inked = [&](int y) {
            const QImage image = table.grab().toImage();
            for (int x = image.width() / 2; x < image.width(); ++x)
                for (int line = y; line < y + 12; ++line)
                    if (image.pixelColor(x, line) != color(Role::screen)) return true;
            return false;
        };
        table.resize(340, table.fullHeight());
        QVERIFY(inked(table.rowRect(8).top() + 4));
        QCOMPARE(table.grab().toImage().pixelColor(1, table.rowRect(2).center().y()), color(Role::selection));
        table.resize(340, 130);
        QVERIFY(inked(table.rowRect(1).top() + 4));
        QVERIFY(!inked(table.rowRect(4).top() + 4));  // "5 more rows" stands at the left
    }
};

QTEST_MAIN(DataTableTest)
#include "data_table_test.moc"
