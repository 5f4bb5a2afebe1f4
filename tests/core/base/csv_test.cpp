#include "core/base/csv.h"

#include <QtTest>

using namespace lab;

class CsvTest : public QObject {
    Q_OBJECT

private slots:
    void cellsAreReadAsTheyAreWritten() {
        const std::string orderMark = "\xEF\xBB\xBF";
        for (const std::vector<std::string>& cells :
             {std::vector<std::string>{"a", "b \"c\", d", "line\nend", ""}, {orderMark + "a", "b"}}) {
            const auto records = parseCsv(csvLine(cells) + "\n", "t.csv");
            QCOMPARE(records.size(), std::size_t{1});
            QCOMPARE(records.front().cells, cells);
        }
    }
};

QTEST_APPLESS_MAIN(CsvTest)
#include "csv_test.moc"
