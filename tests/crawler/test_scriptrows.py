"""Rows that no element holds: a script sets or writes them."""

from datetime import date

from crawler.reading import read_list

URL = "https://www.w.example/zwgk/gfxwj/index.shtml"


def test_rows_set_variable_by_variable_are_read() -> None:
    row = """<li><script>
      var url = "./202606/t20260618_2401{n}.shtml"; var title = '市人民政府关于支持第{n}批创新平台建设的意见';
      var FILENUM = "武政规〔2026〕{n}号"; var date = "2026-06-1{n}";
      document.writeln("<a href='" + url + "'>" + title + "</a><span>" + date + "</span>");
    </script></li>"""
    body = "<html><body><ul>" + "".join(row.replace("{n}", str(n)) for n in range(1, 5)) + "</ul></body></html>"
    read = read_list(URL, body.encode(), None)
    assert [(link.url, link.title, link.published) for link in read.links][:2] == [
        (
            f"https://www.w.example/zwgk/gfxwj/202606/t20260618_2401{n}.shtml",
            f"市人民政府关于支持第{n}批创新平台建设的意见",
            date(2026, 6, 10 + n),
        )
        for n in (1, 2)
    ]
    assert len(read.links) == 4


def test_rows_written_as_markup_are_read() -> None:
    lines = "".join(
        f"""document.write("<li><a href=\\"t20260618_240{n}.shtml\\">关于公布第{n}批创新平台名单的通知</a><span>2026-06-1{n}</span></li>");\n"""
        for n in range(1, 5)
    )
    body = f"<html><body><script>document.write('<ul>');{lines}document.write('</ul>');</script></body></html>"
    read = read_list(URL, body.encode(), None)
    assert [link.title for link in read.links] == [f"关于公布第{n}批创新平台名单的通知" for n in range(1, 5)]
    assert read.links[0].published == date(2026, 6, 11)


def test_a_script_that_only_counts_visits_gives_no_rows() -> None:
    body = b"<html><body><script>var url = '/count.js'; var site = 'a'; document.write('<img src=\"/count.gif\">');</script></body></html>"
    assert read_list(URL, body, None).links == ()
