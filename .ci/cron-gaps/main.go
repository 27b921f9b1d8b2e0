// Print the longest time between two firings of cron lines, in seconds, as the schedulers' own library computes it.
//
// Each line of the input is `SCHEDULER<tab>ZONE<tab>CRON`: `v3` is the library of Argo Workflows and of Kubernetes'
// CronJobs, `v1` that of recurring runs in Kubeflow Pipelines. The arguments are the first and the last year.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	v1 "github.com/robfig/cron"
	v3 "github.com/robfig/cron/v3"
)

type schedule interface{ Next(time.Time) time.Time }

func parse(scheduler, line string) (schedule, error) {
	if scheduler == "v1" {
		return v1.ParseStandard(line)
	}
	return v3.ParseStandard(line)
}

func longestGap(line string, first, last int) (time.Duration, error) {
	parts := strings.Split(line, "\t")
	zone, err := time.LoadLocation(parts[1])
	if err != nil {
		return 0, err
	}
	one, err := parse(parts[0], parts[2])
	if err != nil {
		return 0, err
	}
	end := time.Date(last+1, 1, 1, 0, 0, 0, 0, time.UTC)
	longest, before := time.Duration(0), one.Next(time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC).In(zone))
	for next := one.Next(before); !next.IsZero() && next.Before(end); next = one.Next(next) {
		longest = max(longest, next.Sub(before))
		before = next
	}
	return longest, nil
}

func main() {
	first, _ := strconv.Atoi(os.Args[1])
	last, _ := strconv.Atoi(os.Args[2])
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		gap, err := longestGap(input.Text(), first, last)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(int(gap.Seconds()))
	}
}
